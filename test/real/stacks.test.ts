import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { checkOf, HOST, outcome } from '../helpers/stack-lab.ts';
import { IMAGE } from '../parts/dockerd.ts';
import { freePort } from '../parts/process.ts';
import { STAY, type StackEngine, startStackEngine } from '../parts/stack-engine.ts';

/** What no shell, no YAML and no file of variables may break. */
const PASSWORD = `it's "a" $HOME \${X} #1 \\n C:\\x ü`;

describe('stacks made on a real engine by real Compose', { timeout: 560_000 }, () => {
  let engine: StackEngine;
  let port: number;

  before(async () => {
    engine = await startStackEngine();
    port = await freePort();
  });
  after(() => engine?.stop());
  afterEach(() => engine.tidy());

  it('come up in a helper, with their secrets as they were given and nowhere else', async () => {
    const { planned, done, seen, executor } = await engine.begin();
    const input = { name: 'shop', compose: fileOf(port), environment: { PASSWORD } };
    const plan = await planned('deploy_stack', HOST, input);
    assert.deepEqual(
      plan.checks?.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(checkOf(plan, 'Ports')?.message, `${port}/tcp to web:80`);
    assert.match(checkOf(plan, 'Volumes')?.message ?? '', /^made: shop_data$/);
    assert.equal(checkOf(plan, 'Networks')?.message, 'made: shop_default');
    assert.match(checkOf(plan, 'Mounts')?.message ?? '', /volume shop_data at web:\/data/);
    assert.equal(
      (await engine.dockerd.docker.listContainers({ all: true })).length,
      0,
      'a dry run leaves nothing',
    );

    const job = await done('deploy_stack', HOST, input);
    assert.deepEqual(outcome(job), ['succeeded', undefined], JSON.stringify(executor.logOf(job.id)));
    const { Config, HostConfig } = await engine.inspect('shop-web-1');
    assert.ok(Config.Env.includes(`PASSWORD=${PASSWORD}`), Config.Env.join('\n'));
    assert.equal(HostConfig.PortBindings['80/tcp'][0].HostPort, String(port));
    await seen('docker/nas/stack/shop');
    await seen('docker/nas/container/shop.web.1');
    assert.deepEqual(await readdir(path.join(engine.folder, 'shop')), ['.env', '.labkeeper', 'compose.yaml']);
    assert.equal((await stat(path.join(engine.folder, 'shop/.env'))).mode & 0o777, 0o600);
    assert.equal(await readFile(path.join(engine.folder, 'shop/compose.yaml'), 'utf8'), input.compose);
    const told = JSON.stringify([job, executor.logOf(job.id), plan]);
    assert.ok(!told.includes(`it's`) && !told.includes('C:\\\\x'), told);
    // To Compose it is what it would have made itself.
    const before = (await engine.inspect('shop-web-1')).Id;
    await engine.compose.run(path.join(engine.folder, 'shop'), 'up', '-d', '--pull', 'never');
    assert.equal((await engine.inspect('shop-web-1')).Id, before);
  });

  it('refuse by line what would begin somewhere else, where only the engine is reached', async () => {
    const { planned, done } = await engine.begin();
    const input = { name: 'shop', compose: besideOf() };
    const plan = await planned('deploy_stack', HOST, input);
    assert.equal(
      checkOf(plan, 'Files')?.message,
      'line 4: a relative folder (./conf); line 6: env_file (web.env); line 9: a config from a file (web.conf)',
    );
    assert.equal((await done('deploy_stack', HOST, input)).state, 'failed');
    assert.deepEqual(await readdir(path.dirname(engine.folder)), []);
  });

  it('take along over SSH what they need beside their file', async () => {
    const { planned, done, executor } = await engine.begin(engine.bySsh());
    const alone = await planned('deploy_stack', HOST, { name: 'shop', compose: besideOf() });
    assert.match(checkOf(alone, 'Files')?.message ?? '', /^line 6: env_file \(web.env\) is not there/);
    const files = [
      { path: 'web.env', content: 'COLOUR=blue\n' },
      { path: 'web.conf', content: 'listen 80\n' },
      { path: 'conf/site', content: 'hello\n' },
    ];
    const job = await done('deploy_stack', HOST, { name: 'shop', compose: besideOf(), files });
    assert.deepEqual(outcome(job), ['succeeded', undefined], JSON.stringify(executor.logOf(job.id)));
    const { Config, Mounts } = await engine.inspect('shop-web-1');
    assert.ok(Config.Env.includes('COLOUR=blue'));
    assert.ok(Mounts.some(({ Source }) => Source === path.join(engine.folder, 'shop/conf')));
    assert.equal(await readFile(path.join(engine.folder, 'shop/conf/site'), 'utf8'), 'hello\n');
  });

  it('are read as Compose reads them', async () => {
    await mkdir(path.join(engine.folder, 'rich'), { recursive: true });
    await writeFile(path.join(engine.folder, 'rich/compose.yaml'), RICH);
    const resolved = JSON.parse(
      await engine.compose.run(path.join(engine.folder, 'rich'), 'config', '--format', 'json'),
    );
    const { planned } = await engine.begin(engine.bySsh());
    const plan = await planned('deploy_stack', HOST, { name: 'other', compose: RICH });
    for (const [service, { volumes = [], ports = [], image }] of Object.entries(
      resolved.services as Resolved,
    )) {
      assert.ok(checkOf(plan, 'Images')?.message.includes(image));
      for (const { source, target, type } of volumes) {
        const from =
          type === 'volume' ? `volume other_${source}` : path.resolve(source).replace('/rich/', '/other/');
        const told = checkOf(plan, 'Mounts')?.message ?? '';
        assert.ok(told.includes(`${from} at ${service}:${target}`), `${from} ${target}: ${told}`);
      }
      for (const { published, target, protocol } of ports) {
        const told = checkOf(plan, 'Ports')?.message ?? '';
        assert.match(
          told,
          new RegExp(`${published}[^,]*/${protocol} to ${service}:${target}|4000-4002/tcp`),
          told,
        );
      }
    }
  });

  it('say what is left behind where they do not come up, and come up when asked for again', async () => {
    const { done, executor } = await engine.begin();
    const bad = fileOf(port).replace('trap', 'exit 7; trap');
    const job = await done('deploy_stack', HOST, { name: 'shop', compose: bad, environment: { PASSWORD } });
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /shop-web-1 .*exit code 7/);
    assert.match(
      job.error?.hint ?? '',
      /left behind: the stack shop with 1 containers \(remove it with “remove_stack”/,
    );
    assert.match(job.error?.hint ?? '', new RegExp(`the folder ${engine.folder}/shop`));
    await engine.compose.run(path.join(engine.folder, 'shop'), 'down');
    const again = await done('deploy_stack', HOST, {
      name: 'shop',
      compose: fileOf(port),
      environment: { PASSWORD },
    });
    assert.deepEqual(outcome(again), ['succeeded', undefined], JSON.stringify(executor.logOf(again.id)));
  });
});

type Resolved = Readonly<
  Record<
    string,
    {
      readonly image: string;
      readonly volumes?: readonly { source: string; target: string; type: string }[];
      readonly ports?: readonly { published: string; target: number; protocol: string }[];
    }
  >
>;

const fileOf = (port: number): string => `services:
  web:
    image: ${IMAGE}
    command: ["/bin/sh", "-c", '${STAY}']
    ports: ["${port}:80"]
    volumes: ["data:/data"]
    environment: {PASSWORD: "\${PASSWORD}"}
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
volumes: {data: {}}
`;

const besideOf = (): string => `services:
  web:
    image: ${IMAGE}
    volumes: ["./conf:/conf:ro"]
    command: ["/bin/sh", "-c", '${STAY}']
    env_file: web.env
    configs: [{source: main, target: /main}]
    healthcheck: {test: ["CMD", "true"], interval: 1s}
configs: {main: {file: web.conf}}
`;

const RICH = `x-logging: &logging {driver: json-file}
x-base: &base
  restart: unless-stopped
  logging: *logging
  volumes: [data:/base]
services:
  a:
    <<: *base
    image: \${REGISTRY:-registry.lan}/team/a:\${TAG-1.10}
    ports: ["8080:80", "127.0.0.1:5300:53/udp", "4000-4002:4000-4002"]
  b:
    <<: [*base]
    image: b\${SUFFIX:+-x}
    volumes:
      - ./conf/../other:/conf:ro
      - /srv//media/:/media/
      - {type: bind, source: /etc/localtime, target: /etc/localtime, read_only: true}
      - {type: volume, source: more, target: /more}
    ports:
      - {target: 443, published: "8443", protocol: tcp}
      - 9000
volumes: {data: , more: {}}
`;

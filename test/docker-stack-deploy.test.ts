import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { SimCompose } from '../simulators/docker/compose.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { endOf, isChange, killAt, MOMENTS } from './helpers/kill-gate.ts';
import { checkOf, HOST, outcome, startStackLab } from './helpers/stack-lab.ts';
import { Disk, type Gate } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const FOLDER = '/opt/stacks/shop';
const FILE = `services:
  web:
    image: team/web:1
    ports: ["8080:80"]
    volumes: ["data:/data", "/srv/media:/media:ro"]
    environment: {PASSWORD: "\${PASSWORD}"}
    healthcheck: {test: ["CMD", "check"], interval: 20ms}
  db:
    image: team/db:1
    healthcheck: {test: ["CMD", "check"], interval: 20ms}
volumes: {data: }
`;
const INPUT = { name: 'shop', compose: FILE, environment: { PASSWORD: 'very secret' } };

suite('a stack is made', () => {
  let simulated: DockerEngine;
  let disk: Disk;
  let server: DockerSimulator;
  let run: ReturnType<typeof startStackLab>;
  let calls: string[];

  function prepare(): void {
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    simulated.folders = new Set(['/var/run/docker.sock']);
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    for (const image of ['team/web:1', 'team/db:1'])
      simulated.images.publish(image, { id: `sha256:${image}` });
    new SimCompose(simulated, { files: new Set(), stepMs: 5 });
    calls = [];
  }
  beforeEach(async () => {
    disk = new Disk();
    prepare();
  });
  afterEach(async () => {
    await end();
    disk.remove();
  });
  async function start(gate?: Gate, options: object = {}, database = disk.open()): Promise<void> {
    const listening: Gate = (method, path) => {
      if (isChange(method, path)) calls.push(`${method} ${path}`);
      return gate?.(method, path);
    };
    server = await startDockerSimulator({ engine: simulated, gate: listening });
    run = startStackLab({ url: server.url, ...options }, database);
    await run.seen(HOST);
  }
  async function end(): Promise<void> {
    await run.close();
    await server.close();
  }
  const there = (): string[] => simulated.containers.map(({ name, status }) => `${name} ${status}`).sort();
  const plan = (input: object = INPUT) => run.planned('deploy_stack', HOST, input);

  test('from its file, which stays on the machine where a later update finds it', async () => {
    await start();
    const job = await run.done('deploy_stack', HOST, INPUT);
    assert.deepEqual(outcome(job), ['succeeded', undefined]);
    assert.deepEqual(there(), ['shop-db-1 running', 'shop-web-1 running']);
    assert.equal(simulated.disk.get(`${FOLDER}/compose.yaml`), FILE);
    assert.equal(simulated.disk.get(`${FOLDER}/.env`), "PASSWORD='very secret'\n");
    assert.deepEqual(job.result, {
      ...{ by: 'a helper container (docker:cli)', folder: FOLDER },
      services: { db: 'shop-db-1', web: 'shop-web-1' },
    });
    await run.seen('docker/nas/stack/shop');
    assert.equal(run.store.get('docker/nas/container/labkeeper-files-shop'), undefined);
    const { steps } = await run.plan('docker/nas/stack/shop');
    assert.match(steps.join('\n'), new RegExp(`with ${FOLDER}/compose.yaml|Nothing`));
  });

  test('after it was said what would be made, with what gives it power over its machine', async () => {
    simulated.create({ name: 'proxy', image: 'proxy:1', mounts: [{ from: 'shop_data', to: '/x' }] });
    await start();
    const all = FILE.replace('/srv/media:/media:ro', '/var/run/docker.sock:/s').replace(
      '  db:',
      '    privileged: true\n  db:',
    );
    const { checks = [], warnings, steps } = await plan({ ...INPUT, compose: all });
    assert.deepEqual(
      checks.map(({ name, ok, message }) => `${ok ? '' : 'not '}${name}: ${message}`),
      [
        `Way: docker compose on its machine, by a helper container (docker:cli); its files are kept in ${FOLDER}`,
        'Stack: there is no stack shop yet',
        'Files: the Compose file is all that it needs',
        `Folder: ${FOLDER} has no stack`,
        'Images: team/web:1, team/db:1',
        'Ports: 8080/tcp to web:80',
        'Mounts: volume shop_data at web:/data, /var/run/docker.sock at web:/s',
        'Volumes: there already: shop_data',
        'Networks: made: shop_default',
        'Names: shop-web-1, shop-db-1',
      ],
    );
    assert.deepEqual(warnings, [
      'web is privileged',
      'web gets /var/run/docker.sock, and all power over its machine with it',
      'the volume shop_data is there already, with its data; proxy uses it, too',
    ]);
    assert.deepEqual(
      steps.map(({ name }) => name),
      [
        'Write the files of shop',
        'Pull team/web:1',
        'Pull team/db:1',
        'Have Compose read it',
        'Make and start shop',
        'Wait until all of shop is well',
      ],
    );
    assert.equal(
      steps[4]?.calls?.[0],
      `docker compose -p shop --project-directory ${FOLDER} -f ${FOLDER}/compose.yaml up -d --no-build --pull never ` +
        '--remove-orphans',
    );
    assert.deepEqual(there(), ['proxy created']);
  });

  for (const [what, seed, input, check, message] of [
    [
      'a port that another container has',
      () => {
        simulated.create({ name: 'other', image: 'x', ports: { '80/tcp': 8080 } });
        simulated.start('other');
      },
      INPUT,
      'Ports',
      '8080/tcp, which web wants, is taken by other',
    ],
    [
      'a name that another container has',
      () => simulated.create({ name: 'shop-db-1', image: 'x' }),
      INPUT,
      'Names',
      'there is a container shop-db-1 already, which is none of this stack',
    ],
    [
      'a stack of that name that is there',
      () => simulated.create({ name: 'x', image: 'x', labels: { 'com.docker.compose.project': 'shop' } }),
      INPUT,
      'Stack',
      'there is a stack shop already, with 1 containers',
    ],
    [
      'a folder with a file that somebody else wrote',
      () => {
        (simulated.folders as Set<string>).add(FOLDER);
        simulated.disk.set(`${FOLDER}/docker-compose.yml`, 'mine');
      },
      INPUT,
      'Folder',
      `${FOLDER} has a docker-compose.yml that is not Labkeeper’s`,
    ],
    [
      'a network that somebody else should have made',
      () => {},
      { ...INPUT, compose: `${FILE}networks: {default: {external: true, name: proxy}}\n` },
      'Networks',
      'proxy is said to be there already, and is not',
    ],
    [
      'a variable that changes what Compose does',
      () => {},
      { ...INPUT, environment: { PASSWORD: 'x', COMPOSE_PROFILES: 'all' } },
      'Files',
      'COMPOSE_PROFILES is a variable that changes what Compose itself does',
    ],
    [
      'files that cannot come along',
      () => {},
      { ...INPUT, files: [{ path: 'a.env', content: 'x' }] },
      'Files',
      'other files are given, and this engine is not reached by SSH',
    ],
  ] as const) {
    test(`not over ${what}`, async () => {
      seed();
      const before = there();
      await start();
      const { ok, message: said } = checkOf(await plan(input), check) ?? {};
      assert.deepEqual([ok, said], [false, message]);
      const { state, error } = await run.done('deploy_stack', HOST, input);
      assert.deepEqual(
        [state, error?.code, error?.message],
        ['failed', 'check_failed', `${check}: ${message}`],
      );
      assert.deepEqual(there(), before);
    });
  }

  test('not where neither a helper nor SSH nor Portainer is there', async () => {
    await start(undefined, { compose_image: 'none' });
    await assert.rejects(plan(), { code: 'source_refused', message: /no Compose to make stacks with/ });
    assert.deepEqual(calls, []);
  });

  test('only on what a dry run with the same id has seen', async () => {
    await start();
    const first = { requestId: 'one' };
    await run.planned('deploy_stack', HOST, INPUT, first);
    simulated.create({ name: 'other', image: 'x', mounts: [{ from: 'shop_data', to: '/x' }] });
    const { error } = await run.done('deploy_stack', HOST, INPUT, first);
    assert.equal(error?.code, 'target_changed');
    assert.equal(simulated.disk.size, 0);
  });

  test('with what was given in secret kept out of the job, its log and what is written down', async () => {
    const database = disk.open();
    await start(undefined, {}, database);
    const job = await run.done('deploy_stack', HOST, INPUT);
    const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const written = rows
      .map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all()))
      .join();
    assert.match(written, /deploy_stack/);
    for (const text of [written, JSON.stringify([job, run.executor.logOf(job.id)])])
      assert.ok(!text.includes('very secret') && !text.includes('/srv/media:/media:ro'));
    // Nor does the engine tell it of a helper.
    assert.ok(
      calls.includes('PUT /containers/labkeeper-files-shop/archive') ||
        calls.some((one) => /archive/.test(one)),
    );
  });

  test('and where it fails, what is there by then is named with the way to be rid of it', async () => {
    simulated.images.publish('team/db:1', { id: 'sha256:bad' });
    await start();
    const job = run.begin('deploy_stack', HOST, INPUT);
    await eventually('the new one', () =>
      simulated.containers.some(({ name, alive }) => name === 'shop-web-1' && alive),
    );
    simulated.die('shop-web-1', 3);
    const { state, error, result } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /shop-web-1 (does not run|ended).*exit code 3/);
    assert.deepEqual((result as { left_behind: object }).left_behind, [
      { id: 'docker/nas/stack/shop', what: 'the stack shop with 2 containers', remove: 'remove_stack' },
      { id: HOST, what: `the folder ${FOLDER} with its files` },
    ]);
  });

  test('not from an image that is nowhere', async () => {
    await start();
    const { state, error } = await run.done('deploy_stack', HOST, {
      ...INPUT,
      compose: FILE.replace('team/db:1', 'team/none:1'),
    });
    assert.deepEqual([state, there()], ['failed', []]);
    assert.match(
      `${error?.message}; ${error?.hint}`,
      /team\/none:1 could not be pulled.*left behind: the folder/,
    );
  });

  for (const moment of MOMENTS) {
    test(`once, when Labkeeper is killed just ${moment} any of its calls`, async () => {
      for (let call = 1; ; call += 1) {
        prepare();
        const database = disk.open();
        const kill = killAt({ disk, database }, moment, call);
        await start(kill.gate, {}, database);
        const job = run.begin('deploy_stack', HOST, INPUT);
        const isThrough = !(await kill.reached(run.executor, job));
        await end();
        database.close();
        await start(undefined, {}, disk.open());
        if (isThrough) {
          assert.ok(call > 12, `${call} calls`);
          return;
        }
        const ended = await endOf(run.executor, job.id, `the end of the job after ${kill.seen}: ${there()}`);
        const made = there().filter((one) => !one.startsWith('labkeeper-'));
        if (ended.state === 'succeeded') {
          assert.deepEqual(made, ['shop-db-1 running', 'shop-web-1 running'], kill.seen);
          assert.deepEqual(there(), made, `helpers are tidied away after ${kill.seen}`);
        } else {
          // What was given in secret went with the process, before it was written there.
          assert.match(ended.error?.message ?? '', /given for it in secret|ended before it began/, kill.seen);
          assert.deepEqual(made, [], kill.seen);
          const isWriting = run.executor.logOf(job.id).some(({ text }) => /Write the files/.test(text));
          assert.equal(
            /left behind: the folder/.test(ended.error?.hint ?? ''),
            isWriting,
            `${kill.seen} ${ended.error?.hint}`,
          );
        }
        await end();
        disk.remove();
        disk = new Disk();
      }
    });
  }
});

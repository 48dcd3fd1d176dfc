import assert from 'node:assert/strict';
import { chown, cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { COPY_FILE } from '../../addon/src/core/backup.ts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../scripts/build/flags.ts';
import { isExcluded } from '../helpers/supervisor-config.ts';
import { startCompose } from '../parts/compose.ts';
import { type Dockerd, startDockerd } from '../parts/dockerd.ts';
import { buildImage, cli, importBases } from '../parts/image.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort, run, runToEnd } from '../parts/process.ts';
import { type DiscoveryPayload, Retained } from '../parts/retained.ts';
import { APP, APP_HOST, GATEWAY, type Supervised, startSupervised } from '../parts/supervised.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const IMAGE = 'labkeeper:test';
const LOGIN = { username: 'addons', password: 'made by the broker’s app' };
/** Debian with the programs below is 183 MB of it, Node.js 127. */
const MOST_MB = 330;
const OWNER = 900;
/** What it mounts, and puts there for “init”. */
const OF_THE_ENGINE = /^(C \/(tmp|data|config|dev|usr|usr\/sbin|sbin)?|A (\/usr)?\/sbin\/docker-init)$/;
/** Before any release, a state of the app whose data somebody may have: older tables, no mark of their origin. */
const EARLIER = '70ab24e';
/** Nobody else's on this machine. */
const SOCKET_GROUP = 4242;
const SELF = 'homeassistant/device/labkeeper_self_app_main/config';
const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
const { backup_pre, backup_post, backup_exclude } = parse(
  await readFile(path.join(ROOT, 'addon/config.yaml'), 'utf8'),
);

test('the AppArmor profile can be loaded', async () => {
  await runToEnd('apparmor_parser', ['-Q', '-K', path.join(ROOT, 'addon/apparmor.txt')], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
  });
});

describe('the image', () => {
  let dockerd: Dockerd;
  let docker: ReturnType<typeof cli>;
  let app: Supervised;
  let mosquitto: Mosquitto;
  let broker: Retained;

  before(async () => {
    dockerd = await startDockerd();
    docker = cli(dockerd);
    await importBases(dockerd);
    await buildImage(dockerd, { tag: IMAGE, version });
    app = await startSupervised(dockerd);
    mosquitto = await startMosquitto({ guarded: { address: GATEWAY, ...LOGIN } });
    broker = await Retained.of(mosquitto.port);
    await app.start(IMAGE, { self: 'none' });
    await app.untilHealthy();
  });
  after(async () => {
    await broker?.close();
    await mosquitto?.stop();
    await app?.stop();
    await dockerd?.stop();
  });

  /** Of the app's own process, whatever else is in its container. */
  async function processOf(): Promise<{
    pid: string;
    status: string;
    command: string[];
    environment: string[];
  }> {
    const { Titles, Processes } = await dockerd.docker.getContainer(APP).top({ ps_args: '-eo pid,args' });
    assert.deepEqual(Titles, ['PID', 'COMMAND']);
    const pid = Processes.find(([, command]: string[]) => command?.startsWith('node '))?.[0];
    assert.ok(pid, JSON.stringify(Processes));
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8');
    return {
      pid,
      status: await read('status'),
      command: (await read('cmdline')).split('\0'),
      environment: (await read('environ')).split('\0'),
    };
  }

  test('says what it is, and is no larger than it has to be', async (t) => {
    const { Config, Size } = await dockerd.docker.getImage(IMAGE).inspect();
    const { Labels } = Config;
    assert.equal(Labels['io.hass.version'], version);
    assert.equal(Labels['io.hass.type'], 'app');
    assert.equal(Labels['io.hass.arch'], 'amd64');
    t.diagnostic(`${Math.round(Size / 1e6)} MB`);
    assert.ok(Size < MOST_MB * 1e6, `${Math.round(Size / 1e6)} MB`);
    for (const [command, says] of [
      ['node --version', /^v24\./],
      ['docker --version', /^Docker version/],
      ['docker compose version', /^Docker Compose version v?[2-9]/],
      ['ssh -V', /^OpenSSH/],
      ['xz --version', /^xz/],
    ] as const)
      assert.match(await app.inside(...command.split(' ')), says);
  });

  test('has given up all privileges, for good, and runs Node.js as it was measured', async () => {
    const { status, command, environment } = await processOf();
    const of = (name: string): string =>
      new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1] ?? '';
    for (const ids of ['Uid', 'Gid']) assert.equal(of(ids), Array(4).fill(OWNER).join('\t'), ids);
    assert.equal(of('Groups'), '');
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) assert.match(of(set), /^0+$/, set);
    assert.equal(of('NoNewPrivs'), '1');
    assert.deepEqual(command.slice(1, 1 + NODE_FLAGS.length), NODE_FLAGS);
    for (const [name, value] of Object.entries(NODE_ENVIRONMENT))
      assert.ok(environment.includes(`${name}=${value}`), name);
    // What only root may read, read before that.
    const uuid = await readFile('/sys/class/dmi/id/product_uuid', 'utf8').catch(() => undefined);
    const told = environment.find((line) => line.startsWith('LABKEEPER_SMBIOS='));
    assert.equal(told, uuid && `LABKEEPER_SMBIOS=${uuid.trim()}`);
  });

  test('reads options that are for root alone, and writes nothing but its data', async () => {
    const { mode, uid, gid } = await stat(path.join(app.folder, 'data/options.json'));
    assert.deepEqual([mode & 0o777, uid, gid], [0o640, 0, OWNER]);
    assert.equal((await stat(path.join(app.folder, 'data/labkeeper.db'))).uid, OWNER);
    const changed = await docker('diff', APP);
    const elsewhere = changed.split('\n').filter((line) => line !== '' && !OF_THE_ENGINE.test(line));
    assert.deepEqual(elsewhere, []);
  });

  test('waits for a broker, and comes in with the login that the Supervisor hands it', async () => {
    assert.match(await app.logs(), /offers no MQTT broker yet/);
    assert.equal(broker.messages.get(SELF), undefined);
    await app.offer({ host: GATEWAY, port: mosquitto.port, ssl: false, ...LOGIN });
    await eventually('the device of Labkeeper', () => broker.messages.get(SELF), 60_000);
    await eventually('online', () => broker.messages.get('labkeeper/bridge/state') === 'online', 10_000);
  });

  test('tells Home Assistant where it is and how to come in, and that is so', async () => {
    const [message, ...more] = await eventually(
      'the message',
      async () => {
        const pushed = await app.pushed();
        return pushed.length > 0 && pushed;
      },
      10_000,
    );
    assert.deepEqual(more, []);
    assert.ok(message);
    const { host, port, token, id, ...rest } = message.config;
    assert.deepEqual([message.service, host, port], ['labkeeper', APP_HOST, 8099]);
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, { version, api: 1 });
    const health = JSON.parse((await app.viaIngress('/health')).body);
    assert.deepEqual(health, { status: 'ok', version, api: 1 });
    const authorization = { authorization: `Bearer ${token}` };
    assert.equal((await app.viaIngress('/api/lab', authorization)).status, 200);
    assert.equal((await app.viaIngress('/api/lab', { authorization: 'Bearer lk_wrong' })).status, 401);
    assert.equal((await app.logs()).includes(String(token)), false);
  });

  test('shows its page by ingress, whole to administrators, and to nobody else without a token', async () => {
    const by = (id: string, where: string) =>
      app.viaIngress(where, { 'x-remote-user-id': id, 'x-ingress-path': '/api/hassio_ingress/x' });
    const page = await by('child', '/');
    assert.equal(page.status, 200);
    const [, entry = ''] = /src="(assets\/page-[A-Z0-9]+\.js)"/.exec(page.body) ?? [];
    assert.equal((await by('child', `/${entry}`)).status, 200, 'it is in the image with all that it loads');
    const [admin, child] = [await by('admin', '/api/tokens'), await by('child', '/api/tokens')];
    assert.deepEqual([admin.status, child.status], [200, 403]);
    const token = (await readFile(path.join(app.folder, 'data/token'), 'utf8')).split(/\s+/)[1] ?? '';
    assert.match(token, /^lk_/);
    assert.deepEqual([admin.body.includes(token), child.body.includes(token)], [true, false]);
    assert.ok((await app.asked()).includes('GET /core/websocket'));
    const outside = await fetch(`http://${await addressOf()}:8099/`);
    assert.equal(outside.status, 401);
  });

  const addressOf = async (): Promise<string> => {
    const { NetworkSettings } = await dockerd.docker.getContainer(APP).inspect();
    return NetworkSettings.Networks.hassio?.IPAddress ?? '';
  };

  test('hands a copy of its database to a backup, which it knows when it is restored', async () => {
    const data = path.join(app.folder, 'data');
    await app.inside(...backup_pre.split(' '));
    assert.equal((await stat(path.join(data, COPY_FILE))).uid, OWNER);
    const backup = await mkdtemp(path.join(tmpdir(), 'backup-'));
    try {
      for (const name of await readdir(data))
        if (!isExcluded(name, backup_exclude)) await cp(path.join(data, name), path.join(backup, name));
      await app.inside(...backup_post.split(' '));
      assert.equal((await readdir(data)).includes(COPY_FILE), false);
      const before = broker.messages.get(SELF);
      await app.end();
      // As a restore does it: everything is root's.
      await rm(data, { recursive: true });
      await cp(backup, data, { recursive: true });
      await app.start(IMAGE, { self: 'none' });
      await app.untilHealthy();
      assert.match(await app.logs(), /the data come out of a backup/);
      await eventually('online', () => broker.messages.get('labkeeper/bridge/state') === 'online', 30_000);
      assert.equal(broker.messages.get(SELF), before);
      assert.equal((await stat(path.join(data, 'labkeeper.db'))).uid, OWNER);
    } finally {
      await rm(backup, { recursive: true, force: true });
    }
  });

  test('says goodbye when it is ended, and ends at once', async () => {
    await eventually('online', () => broker.messages.get('labkeeper/bridge/state') === 'online', 30_000);
    const { code, output } = await app.end();
    assert.equal(code, 0, output);
    assert.match(output, /stopped/);
    assert.equal(broker.messages.get('labkeeper/bridge/state'), 'offline');
    await app.start(IMAGE, { self: 'none' });
    await app.untilHealthy();
  });

  test('tells what is wrong with its options, and ends', async () => {
    await app.end();
    await app.start(IMAGE, { docker: [{ id: 'nas' }] });
    const { StatusCode } = await dockerd.docker.getContainer(APP).wait();
    const { output } = await app.end();
    assert.equal(StatusCode, 1);
    assert.match(output, /docker\[0\]\.url/);
    await app.start(IMAGE, { self: 'none' });
  });

  test('runs without root, without capabilities and on a root that is read-only, by the Compose file', async () => {
    const compose = await startCompose(dockerd);
    const folder = await mkdtemp(path.join(tmpdir(), 'compose-'));
    const file = await readFile(path.join(ROOT, 'docs/compose.yaml'), 'utf8');
    try {
      await runToEnd('install', ['-d', '-o', '1000', '-g', '1000', `${folder}/config`, `${folder}/data`]);
      await runToEnd('sh', ['-c', `echo 'self: none' > ${folder}/config/options.yaml`]);
      const text = file.replace(/image: .*/, `image: ${IMAGE}`).replace(/"8099:8099"/, '"127.0.0.1::8099"');
      // The check of the image, more often.
      const soon = '    healthcheck: { interval: 2s }';
      await runToEnd('sh', ['-c', `cat > ${folder}/compose.yaml <<'END'\n${text}${soon}\nEND`]);
      await compose.run(folder, 'up', '--detach', '--quiet-pull');
      const name = (await compose.run(folder, 'ps', '--quiet')).trim();
      await eventually(
        'the container to be healthy',
        async () => {
          const { State } = await dockerd.docker.getContainer(name).inspect();
          if (!State.Running) throw new Error(await docker('logs', name));
          return State.Health?.Status === 'healthy';
        },
        60_000,
      );
      assert.match(await docker('exec', name, 'id'), /^uid=1000 gid=1000/);
      assert.equal((await stat(`${folder}/data/labkeeper.db`)).uid, 1000);
      await compose.run(folder, 'down');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('takes over data and options of an earlier version, and every entity', async () => {
    await app.end();
    await cleared(path.join(app.folder, 'data'));
    const socket = dockerd.url.replace('unix://', '');
    await chown(socket, 0, SOCKET_GROUP);
    const container = await dockerd.start('media');
    const options = {
      mqtt: { host: GATEWAY, port: mosquitto.port, ...LOGIN },
      docker: [{ id: 'nas', title: 'NAS', url: dockerd.url }],
      self: 'none',
    };
    const earlier = await earlierVersion();
    try {
      const file = path.join(earlier, 'options.json');
      await writeFile(file, JSON.stringify(options));
      const before = run(process.execPath, [path.join(earlier, 'addon/src/main.ts')], {
        env: {
          ...{ LABKEEPER_OPTIONS: file, LABKEEPER_DATA: path.join(app.folder, 'data') },
          ...{ LABKEEPER_HTTP_PORT: String(await freePort()) },
        },
      });
      await eventually('the device of a container', () => has('docker_nas_container_media'), 30_000);
      await before.stop();
      assert.equal(await before.exited, 0, before.output());
      const [entities, tokens] = [broker.discoveries().flatMap(entitiesOf), await readTokens()];
      assert.ok(tokens.length > 0);
      assert.ok(entities.length > 20, `${entities.length}`);

      const mounts = ['--volume', `${socket}:${socket}`, '--group-add', String(SOCKET_GROUP)];
      await app.start(IMAGE, options, mounts);
      await app.untilHealthy();
      const reachable = 'labkeeper/docker_nas_container_media/availability';
      await eventually('the container', () => broker.messages.get(reachable) === 'online', 30_000);
      const now = new Set(broker.discoveries().flatMap(entitiesOf));
      assert.deepEqual(
        entities.filter((entity) => !now.has(entity)),
        [],
      );
      // A newer one may have more doors.
      const after = await readTokens();
      assert.deepEqual(
        tokens.filter((token) => !after.includes(token)),
        [],
      );
      assert.doesNotMatch(await app.logs(), /set aside|come out of a backup/);
    } finally {
      await container.remove({ force: true });
      await rm(earlier, { recursive: true, force: true });
    }
  });

  const has = (object: string): boolean => broker.messages.has(`homeassistant/device/${object}/config`);
  const readTokens = async (): Promise<readonly string[]> =>
    (await readFile(path.join(app.folder, 'data/token'), 'utf8')).trim().split('\n');
});

/** By what Home Assistant knows an entity, and what it takes from us for good. */
const entitiesOf = ({ device, components }: DiscoveryPayload): readonly string[] =>
  Object.values(components).map(({ unique_id, default_entity_id, unit_of_measurement }) =>
    [device.identifiers[0], unique_id, default_entity_id, unit_of_measurement].join(' '),
  );

async function cleared(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true });
}

/** The app as it was then, with the packages of now. */
async function earlierVersion(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'earlier-'));
  const archive = `git -C "$1" archive "$2" addon/src package.json | tar -x -C "$3"`;
  await runToEnd('bash', ['-o', 'pipefail', '-c', archive, 'bash', ROOT, EARLIER, folder]);
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

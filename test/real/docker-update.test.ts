import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { COMPOSE_IMAGE, startCompose } from '../parts/compose.ts';
import { type Dockerd, IMAGE, startDockerd } from '../parts/dockerd.ts';
import { type EngineGate, startEngineGate } from '../parts/engine-gate.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { type Registry, ROBOT, startRegistry } from '../parts/registry.ts';
import { Retained } from '../parts/retained.ts';

const STAY = 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done';
/** Of an update with a copy, until the new container is started. */
const SHARED_CALLS = 10;
/** Whatever a version is, a file of its image says whether it is well. */
const CHECK = { Test: ['CMD-SHELL', 'test ! -e /ill'], Interval: 5e8, Retries: 1, StartPeriod: 0 };

/** A feature of a container, what asks for it, and where the engine says that it is so. */
type Feature = readonly [
  name: string,
  asked: Partial<ContainerCreateOptions>,
  read: (inspect: ContainerInspectInfo) => unknown,
];
const host = (key: string) => (inspect: ContainerInspectInfo) =>
  (inspect.HostConfig as unknown as Record<string, unknown>)[key];
const config = (key: string) => (inspect: ContainerInspectInfo) =>
  (inspect.Config as unknown as Record<string, unknown>)[key];
const onHost = (key: string, value: unknown): Feature => [key, { HostConfig: { [key]: value } }, host(key)];
const onIt = (key: string, value: unknown): Feature => [key, { [key]: value }, config(key)];

const FEATURES: readonly Feature[] = [
  [
    'environment',
    { Env: ['TZ=UTC', 'SECRET=a=b'] },
    ({ Config }) => Config.Env.filter((one) => /^(TZ|SECRET)/.test(one)),
  ],
  [
    'labels',
    { Labels: { mine: '1', 'app.name': 'x y' } },
    ({ Config }) => [Config.Labels.mine, Config.Labels['app.name']],
  ],
  [
    'ports',
    {
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18437' }] } },
    },
    (one) => [host('PortBindings')(one), Object.keys(one.Config.ExposedPorts).sort()],
  ],
  ...[
    onIt('Hostname', 'web-host'),
    onIt('Domainname', 'lan'),
    onIt('MacAddress', '02:11:22:33:44:66'),
    onIt('User', '0:5'),
    onIt('WorkingDir', '/srv'),
  ],
  ...[
    onIt('Cmd', ['/bin/sh', '-c', STAY]),
    onIt('Healthcheck', CHECK),
    onIt('StopSignal', 'SIGTERM'),
    onIt('StopTimeout', 7),
  ],
  ...[onIt('Tty', true), onIt('OpenStdin', true)],
  ...[
    onHost('RestartPolicy', { Name: 'on-failure', MaximumRetryCount: 4 }),
    onHost('Memory', 64 * 1024 ** 2),
    onHost('NanoCpus', 5e8),
    onHost('CpuShares', 512),
    onHost('PidsLimit', 99),
  ],
  ...[onHost('ShmSize', 16 * 1024 ** 2), onHost('OomScoreAdj', 100), onHost('Init', true)],
  ...[
    onHost('CapAdd', ['NET_ADMIN']),
    onHost('CapDrop', ['MKNOD']),
    onHost('SecurityOpt', ['no-new-privileges']),
    onHost('GroupAdd', ['44']),
  ],
  ...[
    onHost('ExtraHosts', ['nas:10.0.0.5']),
    onHost('Dns', ['10.0.0.1']),
    onHost('DnsSearch', ['lan']),
    onHost('Sysctls', { 'net.core.somaxconn': '256' }),
  ],
  ...[
    onHost('Ulimits', [{ Name: 'nofile', Soft: 1024, Hard: 2048 }]),
    onHost('Tmpfs', { '/scratch': 'size=1m' }),
    onHost('Devices', [{ PathOnHost: '/dev/null', PathInContainer: '/dev/mine', CgroupPermissions: 'rwm' }]),
  ],
  ...[
    onHost('LogConfig', { Type: 'json-file', Config: { 'max-size': '1m' } }),
    onHost('IpcMode', 'shareable'),
    onHost('CgroupnsMode', 'host'),
  ],
  [
    'folders and named volumes',
    { HostConfig: { Binds: ['/srv:/look:ro', 'web_config:/config'] } },
    (one) => mountsAt(one, '/look', '/config'),
  ],
  ['volumes that the image wants, the very same', {}, (one) => mountsAt(one, '/anonymous')],
  [
    'mounts without a source, the very same',
    { HostConfig: { Mounts: [{ Type: 'volume', Target: '/new', Source: '' }] } },
    (one) => mountsAt(one, '/new'),
  ],
  ['its main network, with address and names', {}, (one) => placeOn(one, 'front')],
  ['another network, with address, names and hardware address', {}, (one) => placeOn(one, 'back')],
];
const mountsAt = ({ Mounts }: ContainerInspectInfo, ...paths: string[]) =>
  paths
    .map((at) => Mounts.find(({ Destination }) => Destination === at))
    .map((mount) => [mount?.Type, mount?.Name, mount?.Source, mount?.RW]);
function placeOn({ Id, NetworkSettings }: ContainerInspectInfo, network: string): unknown {
  const place = NetworkSettings.Networks[network] as unknown as Record<string, unknown>;
  const aliases = ((place.Aliases as string[] | null) ?? []).filter((name) => !Id.startsWith(name)).sort();
  return [place.IPAMConfig, place.IPAddress, place.MacAddress, aliases];
}
/** All that is asked for at once. */
function asked(): ContainerCreateOptions {
  const all = FEATURES.map(([, one]) => one);
  const HostConfig = Object.assign({}, ...all.map((one) => one.HostConfig ?? {}));
  return { ...Object.assign({}, ...all), HostConfig: { ...HostConfig, NetworkMode: 'front' } };
}

describe('the update of a container of a real engine', { timeout: 900_000 }, () => {
  let dockerd: Dockerd;
  let registry: Registry;
  let mosquitto: Mosquitto;
  let broker: Retained;
  let gate: EngineGate;
  let app: string;
  let labkeeper: Labkeeper | undefined;
  let folder: string;

  before(async () => {
    dockerd = await startDockerd();
    registry = await startRegistry();
    mosquitto = await startMosquitto();
    broker = await Retained.of(mosquitto.port);
    gate = await startEngineGate(dockerd.url.slice('unix://'.length));
    app = `${registry.host}/team/app`;
    folder = await mkdtemp(path.join(tmpdir(), 'data-'));
    // An image with a shell and its tools, as `docker:cli`.
    await startCompose(dockerd);
  });
  after(async () => {
    await labkeeper?.stop();
    await gate?.close();
    await broker?.close();
    await mosquitto?.stop();
    await registry?.stop();
    await dockerd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Puts a version under the tag of the registry; the engine has nothing of it but what it ran before. */
  async function publish(version: string, start = STAY, isIll = false): Promise<string> {
    const { docker } = dockerd;
    const script = `${isIll ? 'echo >/ill' : ':'}`;
    const maker = await docker.createContainer({ Image: IMAGE, Cmd: ['/bin/sh', '-c', script] });
    await maker.start();
    await maker.wait();
    const changes = [
      `LABEL version=${version}`,
      `ENV VERSION=${version}`,
      'VOLUME /anonymous',
      `CMD ${JSON.stringify(['/bin/sh', '-c', start])}`,
    ];
    await maker.commit({ repo: app, tag: '1', changes: changes.join('\n') });
    await maker.remove({ force: true, v: true });
    const auth = { ...ROBOT, serveraddress: registry.host };
    const push = await docker.getImage(`${app}:1`).push({ tag: '1', authconfig: auth });
    let said = '';
    push.on('data', (chunk) => {
      said += chunk;
    });
    await once(push, 'end');
    assert.match(said, /digest: sha256:/, said);
    return (await docker.getImage(`${app}:1`).inspect()).Id;
  }
  /** The engine is as if it had pulled `old` and never heard of anything newer. */
  async function isOld(old: string): Promise<void> {
    await dockerd.docker.getImage(`${app}:1`).remove({ force: true });
    await dockerd.docker.getImage(old).tag({ repo: app, tag: '1' });
  }
  async function clear(): Promise<void> {
    for (const { Id } of await dockerd.docker.listContainers({ all: true }))
      await dockerd.docker.getContainer(Id).remove({ force: true, v: true });
  }
  const inspect = (name: string) => dockerd.docker.getContainer(name).inspect();
  /** What the engine has, as `<name> <state>`. */
  async function there(): Promise<readonly string[]> {
    const all = await dockerd.docker.listContainers({ all: true });
    return all.map(({ Names, State }) => `${Names[0]} ${State}`).sort();
  }
  async function volumes(): Promise<readonly string[]> {
    const { Volumes } = await dockerd.docker.listVolumes();
    return (Volumes ?? []).map(({ Name }) => Name).filter((name) => name.startsWith('labkeeper-'));
  }

  interface Shown {
    readonly in_progress?: boolean;
    readonly installed_version?: string;
    readonly latest_version?: string;
  }
  const shown = (): Shown =>
    JSON.parse(broker.messages.get('labkeeper/docker_nas_container_web/state') ?? '{}').image_update ?? {};
  const install = (): Promise<unknown> =>
    broker.client.publishAsync('labkeeper/docker_nas_container_web/image_update/set', 'INSTALL');
  const offered = (): Promise<unknown> =>
    eventually(
      'the update',
      () => shown().latest_version !== undefined && shown().latest_version !== shown().installed_version,
      60_000,
    );
  const isDone = (): boolean =>
    shown().in_progress === false && shown().installed_version === shown().latest_version;

  /** Starts the app as if for the first time. */
  async function begin(more: object = {}): Promise<Labkeeper> {
    await labkeeper?.stop();
    for (const topic of broker.messages.keys()) await broker.client.publishAsync(topic, '', { retain: true });
    await eventually('an empty broker', () => broker.messages.size === 0);
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      docker: [{ id: 'nas', url: gate.url, compose_image: COMPOSE_IMAGE, ...more }],
      registries: [{ host: registry.host, url: `http://${registry.host}`, ...ROBOT }],
      self: 'none',
    });
    await offered();
    return labkeeper;
  }
  /** What became of the last job, by the API. */
  async function job(): Promise<
    { readonly state: string; readonly error?: { readonly message: string } } | undefined
  > {
    const { folder: at, url } = labkeeper ?? assert.fail();
    const token = (await readFile(path.join(at, 'token'), 'utf8')).match(/^http (\S+)$/m)?.[1];
    const answer = await fetch(`${url}/api/jobs`, { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { jobs: readonly { state: string }[] }).jobs[0];
  }
  const ended = (ms = 60_000) =>
    eventually(
      'the end of the job',
      async () => {
        const last = await job();
        return last !== undefined && ['succeeded', 'failed'].includes(last.state) && last;
      },
      ms,
    );

  describe('keeps of it', () => {
    let old: ContainerInspectInfo;
    let sideBefore: ContainerInspectInfo;
    let discovery: string | undefined;
    let now: ContainerInspectInfo;

    before(async () => {
      const { docker } = dockerd;
      for (const [Name, Subnet] of [
        ['front', '10.91.0.0/24'],
        ['back', '10.92.0.0/24'],
      ] as const)
        await docker.createNetwork({ Name, IPAM: { Driver: 'default', Config: [{ Subnet }] } });
      const first = await publish('one');
      const front = { IPAMConfig: { IPv4Address: '10.91.0.9' }, Aliases: ['www', 'shop'] };
      const web = await docker.createContainer({
        ...{ name: 'web', Image: `${app}:1`, ...asked() },
        NetworkingConfig: { EndpointsConfig: { front } },
      });
      const back = {
        IPAMConfig: { IPv4Address: '10.92.0.7' },
        Aliases: ['api'],
        MacAddress: '02:11:22:33:44:55',
      };
      await docker.getNetwork('back').connect({ Container: web.id, EndpointConfig: back });
      await web.start();
      await dockerd.start('side', { HostConfig: { NetworkMode: `container:${web.id}` } });
      await publish('two');
      await isOld(first);
      await eventually('its health', async () => (await inspect('web')).State.Health?.Status === 'healthy');
      old = await inspect('web');
      sideBefore = await inspect('side');
      await begin();
      discovery = broker.messages.get('homeassistant/device/docker_nas_container_web/config');
      await install();
      await eventually('the new one', isDone, 90_000);
      now = await inspect('web');
    });
    after(clear);

    for (const [feature, , read] of FEATURES) {
      it(feature, () => {
        const was = read(old);
        assert.ok(was !== undefined && JSON.stringify(was) !== '[]', `${feature} was not there before`);
        assert.deepEqual(read(now), was);
      });
    }

    it('all else that the engine tells of how it is to run', () => {
      const { ContainerIDFile: _, ...hostBefore } = old.HostConfig as unknown as Record<string, unknown>;
      const { ContainerIDFile: __, ...hostNow } = now.HostConfig as unknown as Record<string, unknown>;
      // What was a volume without a name is there by the name that it got.
      for (const key of ['Binds', 'Mounts']) {
        delete hostBefore[key];
        delete hostNow[key];
      }
      assert.deepEqual(hostNow, hostBefore);
    });

    it('nothing of what is the image’s own, but takes what the new one says', () => {
      assert.ok(now.Config.Env.includes('VERSION=two') && !now.Config.Env.includes('VERSION=one'));
      assert.equal(now.Config.Labels.version, 'two');
      assert.notEqual(now.Image, old.Image);
    });

    it('what lives in its network, which is made anew with it', async () => {
      const side = await inspect('side');
      assert.equal(side.HostConfig.NetworkMode, `container:${now.Id}`);
      assert.notEqual(side.Id, sideBefore.Id);
      assert.deepEqual(await there(), ['/side running', '/web running']);
    });

    it('all of its entities, as they were', () => {
      assert.equal(broker.messages.get('homeassistant/device/docker_nas_container_web/config'), discovery);
      assert.ok((discovery?.length ?? 0) > 100);
    });
  });

  /** A container with data in a folder, a single file and a volume, of which each version writes its name into all. */
  async function withData(isIll: boolean): Promise<{ one: string; two: string }> {
    await clear();
    for (const name of ['web_data'])
      await dockerd.docker
        .getVolume(name)
        .remove()
        .catch(() => {});
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.join(folder, 'data/sub'), { recursive: true });
    await writeFile(path.join(folder, 'data/kept'), 'as it was\n');
    await chmod(path.join(folder, 'data/kept'), 0o640);
    await chown(path.join(folder, 'data/kept'), 1234, 2345);
    await link(path.join(folder, 'data/kept'), path.join(folder, 'data/sub/same'));
    await symlink('../kept', path.join(folder, 'data/sub/link'));
    await writeFile(path.join(folder, 'settings'), 'old settings\n');
    const write = (version: string): string =>
      `echo ${version} >>/data/kept; echo ${version} >/data/${version}; busybox rm -f /data/sub/link; echo ${version} >/settings; echo ${version} >>/volume/ran; ${STAY}`;
    const one = await publish('one', STAY);
    await dockerd.start('web', {
      ...{ Image: `${app}:1`, Healthcheck: CHECK, Cmd: undefined as never },
      HostConfig: {
        Binds: [`${folder}/data:/data`, `${folder}/settings:/settings`, 'web_data:/volume'],
        RestartPolicy: { Name: 'unless-stopped' },
      },
    });
    const two = await publish('two', write('two'), isIll);
    await isOld(one);
    return { one, two };
  }
  /** The data are as the old one had them, to the last detail. */
  async function isUntouched(settingsInode: number): Promise<void> {
    const kept = await lstat(path.join(folder, 'data/kept'));
    assert.equal(await readFile(path.join(folder, 'data/kept'), 'utf8'), 'as it was\n');
    assert.deepEqual([kept.mode & 0o777, kept.uid, kept.gid, kept.nlink], [0o640, 1234, 2345, 2]);
    assert.ok((await lstat(path.join(folder, 'data/sub/link'))).isSymbolicLink());
    await assert.rejects(lstat(path.join(folder, 'data/two')), /ENOENT/);
    assert.equal(await readFile(path.join(folder, 'settings'), 'utf8'), 'old settings\n');
    assert.equal((await lstat(path.join(folder, 'settings'))).ino, settingsInode);
  }
  const wrote = async (): Promise<boolean> =>
    (await readFile(path.join(folder, 'settings'), 'utf8')) === 'two\n';

  it('that fails its health check keeps the old one until somebody decides, as nothing protects its data', async () => {
    const { one } = await withData(true);
    await begin();
    await install();
    const { state, error } = await ended();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /is unhealthy; the old container is kept, stopped/);
    assert.match((await there()).join(), /^\/web running,\/web-labkeeper-kept-[0-9a-f]{12} exited$/);
    assert.ok(await wrote());
    assert.notEqual((await inspect('web')).Image, one);
  });

  it('that fails its health check goes back, with the data that it had, where they were copied', async () => {
    const { one } = await withData(true);
    const { ino } = await lstat(path.join(folder, 'settings'));
    let hasWritten = false;
    gate.onCall = async () => {
      hasWritten ||= await wrote();
    };
    await begin({ update_protection: 'copy' });
    await install();
    const { state, error } = await ended();
    gate.onCall = () => {};
    assert.deepEqual(
      [state, error?.message],
      ['failed', 'the new web is unhealthy; the old container runs again, with the data that it had'],
    );
    assert.ok(hasWritten, 'the new one had written');
    assert.deepEqual(await there(), ['/web running']);
    const { Image, HostConfig } = await inspect('web');
    assert.deepEqual([Image, HostConfig.RestartPolicy?.Name], [one, 'unless-stopped']);
    await isUntouched(ino);
    assert.deepEqual(await volumes(), []);
  });

  for (const [isIll, outcome] of [
    [false, 'becomes well'],
    [true, 'becomes ill'],
  ] as const) {
    it(`that ${outcome} ends whole when Labkeeper is killed by SIGKILL at any call of it`, async (t) => {
      // Until the new one is started nobody can tell the two apart.
      for (let call = isIll ? 1 : SHARED_CALLS; ; call += 1) {
        const { one, two } = await withData(isIll);
        const { ino } = await lstat(path.join(folder, 'settings'));
        const running = await begin({ update_protection: 'copy' });
        let count = 0;
        let seen = '';
        gate.onCall = (method, at) => {
          if (method === 'GET' || method === 'HEAD' || /0{64}/.test(at)) return;
          count += 1;
          if (count !== call) return;
          seen = `${call}: ${method} ${at.replaceAll(/[0-9a-f]{64}/g, '…')}`;
          // The engine hears of it all the same, as far as the connection got.
          running.running.kill('SIGKILL');
        };
        await install();
        await Promise.race([running.running.exited, ended(120_000).catch(() => {})]);
        gate.onCall = () => {};
        if (seen === '') {
          t.diagnostic(`${call - 1} calls`);
          assert.ok(call > SHARED_CALLS, `${call - 1} calls`);
          return;
        }
        await running.running.exited;
        await running.start();
        const { state } = await ended(120_000).catch((thrown) => assert.fail(`${seen}: ${thrown}`));
        await eventually(
          `one container after ${seen}`,
          async () => (await there()).join() === '/web running',
          60_000,
        );
        const { Image, HostConfig } = await inspect('web');
        assert.deepEqual(
          [Image, HostConfig.RestartPolicy?.Name],
          [state === 'succeeded' ? two : one, 'unless-stopped'],
          seen,
        );
        if (isIll) assert.equal(state, 'failed', seen);
        if (state === 'failed') await isUntouched(ino);
        else assert.ok(await wrote(), seen);
        await eventually(`no copy left after ${seen}`, async () => (await volumes()).length === 0, 60_000);
      }
    });
  }
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type {
  ContainerConfig,
  HostConfig,
  ImageConfig,
  WholeInspect,
} from '../addon/src/sources/docker/update/anatomy.ts';
import { remakeOf, sharesWith } from '../addon/src/sources/docker/update/recreate.ts';

const ID = `abcdef012345${'0'.repeat(52)}`;
const NEW_IMAGE = 'sha256:new';
const IMAGE: ImageConfig = {
  Env: ['PATH=/bin', 'VERSION=1'],
  Cmd: ['serve'],
  Entrypoint: ['/init'],
  Labels: { 'org.opencontainers.image.version': '1', vendor: 'x' },
  Healthcheck: { Test: ['CMD', 'check'] },
  ExposedPorts: { '80/tcp': {} },
  Volumes: { '/data': {} },
  User: 'app',
  WorkingDir: '/srv',
  StopSignal: 'SIGQUIT',
};

interface Change {
  readonly config?: Partial<ContainerConfig>;
  readonly host?: HostConfig;
  readonly mounts?: WholeInspect['Mounts'];
  readonly networks?: NonNullable<WholeInspect['NetworkSettings']>['Networks'];
}

/** A container that nobody asked anything of, as the engine fills it in from the image. */
function container({
  config = {},
  host = {},
  mounts = [],
  networks = { bridge: {} },
}: Change = {}): WholeInspect {
  return {
    Id: ID,
    Name: '/web',
    Image: 'sha256:old',
    State: { Status: 'running', ExitCode: 0, StartedAt: '' },
    Config: { ...IMAGE, Image: 'app:1', Hostname: ID.slice(0, 12), ...config },
    HostConfig: { NetworkMode: 'default', ContainerIDFile: '', ...host },
    Mounts: mounts,
    NetworkSettings: { Networks: networks },
  };
}

const NOTHING = { Image: 'app:1', Env: [], Labels: {}, ExposedPorts: {}, Volumes: {} };
const body = (change: Change): Record<string, unknown> => {
  const { HostConfig: _, NetworkingConfig: __, ...rest } = remakeOf(container(change), IMAGE, NEW_IMAGE).body;
  return rest;
};
const host = (change: Change): HostConfig =>
  remakeOf(container(change), IMAGE, NEW_IMAGE).body.HostConfig as HostConfig;

suite('another container like the one that runs', () => {
  /** A feature, what the container has, and what is asked for of the new one beside nothing. */
  const configs: readonly [string, Partial<ContainerConfig>, Record<string, unknown>][] = [
    ['all that is the image’s own', {}, {}],
    ['environment', { Env: ['TZ=UTC', 'PATH=/bin', 'VERSION=2'] }, { Env: ['TZ=UTC', 'VERSION=2'] }],
    ['command', { Cmd: ['serve', '--fast'] }, { Cmd: ['serve', '--fast'] }],
    ['entry point', { Entrypoint: ['/mine'] }, { Entrypoint: ['/mine'], Cmd: ['serve'] }],
    ['entry point without command', { Entrypoint: ['/mine'], Cmd: null }, { Entrypoint: ['/mine'] }],
    ['the image’s entry point without command', { Cmd: null }, { Entrypoint: ['/init'] }],
    ['no entry point', { Entrypoint: null, Cmd: ['sh'] }, { Entrypoint: [''], Cmd: ['sh'] }],
    ['labels', { Labels: { vendor: 'mine', mine: '1' } }, { Labels: { vendor: 'mine', mine: '1' } }],
    [
      'Compose’s label of the image',
      { Labels: { ...IMAGE.Labels, 'com.docker.compose.image': 'sha256:old' } },
      { Labels: { 'com.docker.compose.image': NEW_IMAGE } },
    ],
    ['health check', { Healthcheck: { Test: ['NONE'] } }, { Healthcheck: { Test: ['NONE'] } }],
    ['exposed ports', { ExposedPorts: { '80/tcp': {}, '81/tcp': {} } }, { ExposedPorts: { '81/tcp': {} } }],
    ['volumes', { Volumes: { '/data': {}, '/more': {} } }, { Volumes: { '/more': {} } }],
    ['user', { User: 'root' }, { User: 'root' }],
    ['working folder', { WorkingDir: '/' }, { WorkingDir: '/' }],
    [
      'stop signal and time',
      { StopSignal: 'SIGINT', StopTimeout: 90 },
      { StopSignal: 'SIGINT', StopTimeout: 90 },
    ],
    ['terminal', { Tty: true, OpenStdin: true }, { Tty: true, OpenStdin: true }],
    [
      'name of its own',
      { Hostname: 'web.lan', Domainname: 'lan' },
      { Hostname: 'web.lan', Domainname: 'lan' },
    ],
    ['hardware address', { MacAddress: '02:00:00:00:00:01' }, { MacAddress: '02:00:00:00:00:01' }],
  ];
  for (const [feature, config, wanted] of configs) {
    test(`keeps ${feature}`, () => assert.deepEqual(body({ config }), { ...NOTHING, ...wanted }));
  }

  test('takes everything for asked for where the old image is not known any more', () => {
    const { body: made } = remakeOf(container(), {}, NEW_IMAGE);
    const { HostConfig: _, NetworkingConfig: __, ...rest } = made;
    assert.deepEqual(rest, { ...IMAGE, Image: 'app:1' });
  });

  const mounts: readonly [string, Change, HostConfig][] = [
    [
      'named volumes and folders',
      { host: { Binds: ['config:/config', '/srv:/srv:ro'] } },
      { Binds: ['config:/config', '/srv:/srv:ro'] },
    ],
    [
      'volumes without a name, by the name that they got',
      {
        host: { Binds: ['config:/config'] },
        mounts: [
          { Type: 'volume', Name: 'config', Destination: '/config', RW: true },
          { Type: 'volume', Name: 'f00', Destination: '/data', RW: true },
          { Type: 'volume', Name: 'f01', Destination: '/look', RW: false },
          { Type: 'bind', Source: '/srv', Destination: '/srv', RW: true },
        ],
      },
      { Binds: ['config:/config', 'f00:/data', 'f01:/look:ro'] },
    ],
    [
      'mounts without a source',
      {
        host: {
          Mounts: [
            { Type: 'volume', Target: '/data' },
            { Type: 'tmpfs', Target: '/tmp' },
          ],
        },
        mounts: [{ Type: 'volume', Name: 'f00', Destination: '/data' }],
      },
      {
        Binds: [],
        Mounts: [
          { Type: 'volume', Target: '/data', Source: 'f00' },
          { Type: 'tmpfs', Target: '/tmp' },
        ],
      },
    ],
    ['links', { host: { Links: ['/db:/web/database'] } }, { Binds: [], Links: ['db:database'] }],
    [
      'limits, devices, rights and policies',
      {
        host: { Memory: 5, Devices: [1], CapAdd: ['X'], RestartPolicy: { Name: 'always' }, Privileged: true },
      },
      {
        Binds: [],
        Memory: 5,
        Devices: [1],
        CapAdd: ['X'],
        RestartPolicy: { Name: 'always' },
        Privileged: true,
      },
    ],
  ];
  for (const [feature, change, wanted] of mounts) {
    test(`keeps ${feature}`, () => assert.deepEqual(host(change), { NetworkMode: 'default', ...wanted }));
  }

  test('is on the same networks, with its fixed addresses and names', () => {
    const inspect = container({
      host: { NetworkMode: 'front' },
      networks: {
        front: {
          IPAMConfig: { IPv4Address: '10.0.0.9' },
          Aliases: ['web', 'www', ID.slice(0, 12)],
          IPAddress: '10.0.0.9',
          MacAddress: '02:42:0a:00:00:09',
        },
        back: {
          Aliases: null,
          IPAddress: '10.1.0.7',
          MacAddress: '92:d0:c6:0a:29:33',
          DriverOpts: { a: 'b' },
        },
      },
    });
    const { body: made, others, name } = remakeOf(inspect, IMAGE, NEW_IMAGE);
    assert.equal(name, 'web');
    assert.deepEqual(made.NetworkingConfig, {
      EndpointsConfig: { front: { IPAMConfig: { IPv4Address: '10.0.0.9' }, Aliases: ['web', 'www'] } },
    });
    assert.deepEqual(others, [
      { name: 'back', endpoint: { DriverOpts: { a: 'b' }, MacAddress: '92:d0:c6:0a:29:33' } },
    ]);
  });

  test('finds its main network by an id, too', () => {
    const networks = { front: { NetworkID: 'n1' }, back: { NetworkID: 'n2' } };
    const { main, others } = remakeOf(container({ host: { NetworkMode: 'n2' }, networks }), IMAGE, NEW_IMAGE);
    assert.deepEqual([main?.name, others.map(({ name }) => name)], ['back', ['front']]);
  });

  test('lives in the namespaces of what took another’s place, without a name or ports there', () => {
    const inspect = container({
      config: { Hostname: 'vpn' },
      host: {
        NetworkMode: 'container:old1',
        PidMode: 'container:old1',
        IpcMode: 'private',
        PortBindings: { '80/tcp': [] },
      },
      networks: {},
    });
    const made = remakeOf(inspect, IMAGE, NEW_IMAGE, new Map([['old1', 'new1']])).body;
    assert.equal('NetworkingConfig' in made || 'Hostname' in made || 'ExposedPorts' in made, false);
    const { NetworkMode, PidMode, IpcMode, PortBindings } = made.HostConfig as HostConfig;
    assert.deepEqual(
      [NetworkMode, PidMode, IpcMode, PortBindings],
      ['container:new1', 'container:new1', 'private', {}],
    );
  });

  test('tells who lives in whose namespaces', () => {
    const shares = (mode: HostConfig): boolean =>
      sharesWith(container({ host: mode }), { id: 'f00d01', name: 'vpn' });
    assert.deepEqual(
      [{ NetworkMode: 'container:f00d01' }, { PidMode: 'container:f00d' }, { IpcMode: 'container:vpn' }].map(
        shares,
      ),
      [true, true, true],
    );
    assert.deepEqual([{ NetworkMode: 'container:f00d02' }, { NetworkMode: 'vpn' }, {}].map(shares), [
      false,
      false,
      false,
    ]);
  });
});

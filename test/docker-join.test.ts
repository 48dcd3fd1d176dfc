import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Finding } from '../addon/src/contract/finding.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Alias, alias } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { hostOf } from '../addon/src/sources/docker/host.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { machineOf } from '../addon/src/sources/docker/machine.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { ENGINE } from './helpers/docker.ts';
import { eventually } from './parts/process.ts';

const MAC = 'bc:24:11:00:00:01';
const OWN = { hostname: 'nas', ips: ['10.0.20.5'], macs: [MAC] };
const DOCKER = 'proxmox/home/guest/101';

const guest = (id: string, ...aliases: readonly Alias[]): LabResource =>
  ({ id, kind: 'guest', name: id, available: true, readings: {}, facts: {}, aliases }) as never;

/** What the engine of `options` is found to run on, among guests. */
async function found(options: object, guests: readonly LabResource[], stated?: string) {
  const machine = await machineOf({ url: 'unix:///var/run/docker.sock', ...options }, ENGINE, OWN);
  const store = new Store<LabResource>();
  const place = { owner: 'docker/nas', title: 'NAS', address: undefined, guest: stated };
  store.replace('docker/nas', [hostOf({ info: ENGINE, machine }, [], place)]);
  store.replace('proxmox/home', [...guests]);
  return {
    parent: store.get('docker/nas/host/engine')?.parent,
    doubts: store.doubts().map(({ reason }) => reason),
  };
}

suite('where an engine runs', () => {
  const byName = guest(DOCKER, alias('hostname', 'nas'));
  const byBoth = guest(DOCKER, alias('hostname', 'nas'), alias('ip', '10.0.20.5'));
  const byMac = guest(DOCKER, alias('mac', MAC), alias('hostname', 'docker-vm'));
  const other = guest('proxmox/home/guest/102', alias('hostname', 'web'), alias('ip', '10.0.20.6'));

  test('is found by its address and name, by TCP, TLS and SSH', async () => {
    for (const url of [
      'http://10.0.20.5:2375',
      'tcp://10.0.20.5:2375',
      'https://10.0.20.5',
      'ssh://me@10.0.20.5:22',
    ]) {
      assert.deepEqual(await found({ url }, [byBoth, other]), { parent: DOCKER, doubts: [] }, url);
    }
    assert.deepEqual(await found({ url: 'http://10.0.20.6:2375' }, [byBoth, other]), {
      parent: undefined,
      doubts: ['ambiguous'],
    });
  });

  test('is looked up where it goes by a name', async () => {
    const { ips } = await machineOf({ url: 'ssh://me@localhost' }, ENGINE, OWN);
    assert.ok(ips.some((ip) => ip === '127.0.0.1' || ip === '::1'));
    assert.deepEqual((await machineOf({ url: 'http://[fd00::5]:2375' }, ENGINE, OWN)).ips, ['fd00::5']);
    assert.deepEqual((await machineOf({ url: 'http://no-such-host.invalid' }, ENGINE, OWN)).ips, []);
  });

  test('is this machine behind a socket, known by its network card', async () => {
    assert.deepEqual(await found({}, [byMac, other]), { parent: DOCKER, doubts: [] });
    assert.deepEqual(await found({}, [byBoth, other]), { parent: DOCKER, doubts: [] });
  });

  test('is not this machine behind a tunnel’s socket, or for a container', async () => {
    const elsewhere = { ...OWN, hostname: '0123456789ab' };
    const machine = await machineOf({ url: 'unix:///tmp/tunnel.sock' }, ENGINE, elsewhere);
    assert.deepEqual(machine, { ips: [], macs: [] });
    assert.deepEqual(await machineOf({ url: 'unix:///var/run/docker.sock' }, undefined, OWN), machine);
  });

  test('is not guessed by a name alone, which is a doubt, and is what the option says', async () => {
    const portainer = { url: 'https://portainer:9443', portainer_key: 'x' };
    assert.deepEqual(await found(portainer, [byName, other]), { parent: undefined, doubts: ['weak'] });
    const stated = await found(portainer, [byName, other], 'proxmox/home/guest/102');
    assert.equal(stated.parent, 'proxmox/home/guest/102');
    // The address for people helps where the way says nothing.
    assert.equal((await found({ ...portainer, address: '10.0.20.5' }, [byBoth])).parent, DOCKER);
  });
});

test('two machines with one engine id are told of, with what to do, and nothing is mixed', async () => {
  const servers = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const simulated = new DockerEngine({ id: 'CLONED', name });
      simulated.create({ name: `only-${name}`, image: 'x:1' });
      return startDockerSimulator({ engine: simulated });
    }),
  );
  const store = new Store<LabResource>();
  const told = new Map<string, readonly Finding[]>();
  const systems = servers.map(({ url }, at) => ({
    source: docker as never,
    ...{ id: `e${at}`, title: `E${at}`, options: { url } },
  }));
  const engine = new Engine(systems, {
    ...{ store, clock: systemClock, random: Math.random, log: silentLog, database: memoryDatabase() },
    intervals: { fast: 1, slow: 1, rare: 1 },
    onFindings: (owner, findings) => void told.set(owner, findings),
  });
  engine.start();
  try {
    const all = (): readonly Finding[] => [...told.values()].flat();
    await eventually('the finding', () => all().length > 0, 5_000);
    const [finding, another] = all();
    assert.equal(another, undefined);
    assert.deepEqual([finding?.key, finding?.severity], ['engine-id-taken', 'problem']);
    assert.match(finding?.message ?? '', /docker\/e[01] reaches the same system as docker\/e[01]/);
    assert.ok(finding?.commands?.some((line) => line.includes('/var/lib/docker/engine-id')));
    await eventually(
      'the other’s container',
      () => [...store.all()].some(({ kind }) => kind === 'container'),
      5_000,
    );
    assert.equal([...store.all()].filter(({ kind }) => kind === 'container').length, 1);
  } finally {
    await engine.close();
    for (const server of servers) await server.close();
  }
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { hostOf } from '../addon/src/sources/docker/host.ts';
import { identityOf, isPassing } from '../addon/src/sources/docker/identity.ts';
import { containerOf, type Place } from '../addon/src/sources/docker/map.ts';
import { stackOf } from '../addon/src/sources/docker/stack.ts';
import { sampleOf, usageOf } from '../addon/src/sources/docker/usage.ts';
import type { ContainerStats } from '../addon/src/sources/docker/wire.ts';
import { anInspect, aStats, ENGINE } from './helpers/docker.ts';

const place: Place = { owner: 'docker/nas', title: 'NAS', address: 'nas.lan' };
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const compose = (project: string, service: string, number?: string): Record<string, string> => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': service,
  ...(number !== undefined && { 'com.docker.compose.container-number': number }),
});

suite('identity of a container', () => {
  const of = (Name: string, Labels: Record<string, string> | null): readonly (string | undefined)[] => {
    const { path, name, stack } = identityOf({ Name, Config: { Image: 'x', Labels } });
    return [path, name, stack];
  };

  test('of Compose is project, service and number, and it is called by its service', () => {
    assert.deepEqual(of('/media-plex-1', compose('media', 'plex', '1')), ['media.plex.1', 'plex', 'media']);
    assert.deepEqual(of('/media-plex-2', compose('media', 'plex', '2')), ['media.plex.2', 'plex 2', 'media']);
    // Compose 1 joined by underscores.
    assert.deepEqual(of('/media_plex_1', compose('media', 'plex', '1')), ['media.plex.1', 'plex', 'media']);
    assert.deepEqual(of('/media-plex-1', compose('media', 'plex')), ['media.plex.1', 'plex', 'media']);
  });

  test('of Compose with a name of its own is called that, and stays who it is', () => {
    assert.deepEqual(of('/jellyfin', compose('media', 'plex', '1')), ['media.plex.1', 'jellyfin', 'media']);
  });

  test('of Compose stays the same while it is recreated under a passing name', () => {
    const labels = compose('media', 'plex', '1');
    assert.deepEqual(of('/0123456789ab_media-plex-1', labels), of('/media-plex-1', labels));
    assert.deepEqual(of('/0123456789ab_jellyfin', labels), of('/jellyfin', labels));
    // What only looks like it is a name that somebody chose.
    assert.equal(of('/abc_jellyfin', labels)[1], 'abc_jellyfin');
    assert.equal(of('/0123456789ab_web', {})[0], '0123456789ab_web');
  });

  test('of a Swarm is its service and slot, whatever the task', () => {
    const task = (id: string, stack?: string): Record<string, string> => ({
      'com.docker.swarm.service.name': 'shop_web',
      'com.docker.swarm.task.name': `shop_web.2.${id}`,
      ...(stack !== undefined && { 'com.docker.stack.namespace': stack }),
    });
    assert.deepEqual(of('/shop_web.2.aaa', task('aaa', 'shop')), ['shop_web.2', 'shop_web.2', 'shop']);
    assert.deepEqual(of('/shop_web.2.bbb', task('bbb', 'shop')), of('/shop_web.2.aaa', task('aaa', 'shop')));
    assert.equal(of('/shop_web.2.aaa', task('aaa'))[2], undefined);
    const global = { ...task('ccc'), 'com.docker.swarm.task.name': 'shop_web.n0de1d.ccc' };
    assert.equal(of('/x', global)[0], 'shop_web.n0de1d');
  });

  test('of any other is its name', () => {
    assert.deepEqual(of('/web', null), ['web', 'web', undefined]);
    assert.deepEqual(of('/my.web_1', { other: 'label' }), ['my.web_1', 'my.web_1', undefined]);
    assert.deepEqual(of('/web', { 'com.docker.compose.project': 'media' }), ['web', 'web', undefined]);
  });

  test('is of no use for what comes and goes with a command', () => {
    const passing = (Labels: Record<string, string>, AutoRemove?: boolean): boolean => {
      const { Config } = anInspect();
      return isPassing({
        Config: { ...Config, Labels },
        HostConfig: AutoRemove === undefined ? {} : { AutoRemove },
      });
    };
    assert.equal(passing({ 'com.docker.compose.oneoff': 'True' }), true);
    assert.equal(passing({}, true), true);
    assert.equal(passing({ 'com.docker.compose.oneoff': 'False' }), false);
    assert.equal(passing({}, false), false);
    assert.equal(isPassing({ Config: { Image: 'x', Labels: null }, HostConfig: {} }), false);
  });
});

suite('usage', () => {
  const of = (before: ContainerStats, after: ContainerStats) => {
    const [from, to] = [sampleOf(before), sampleOf(after)];
    assert.ok(from && to);
    return usageOf(from, to);
  };

  test('is what the counters moved, over the time between', () => {
    const before = aStats({ second: 0, cpu: 1e9, received: 1 * MIB, sent: 0, read: 0, written: 5 * MIB });
    const after = aStats({
      second: 10,
      cpu: 6e9,
      received: 21 * MIB,
      sent: 10 * MIB,
      read: 30 * MIB,
      written: 5 * MIB,
    });
    // Five seconds of one core in ten are 50 %.
    assert.deepEqual(of(before, { ...after, memory_stats: { usage: GIB } }), {
      cpu: 50,
      memory: 1,
      received: 2,
      sent: 1,
      read: 3,
      written: 0,
    });
  });

  test('has no rates from one reading, but the memory', () => {
    const sample = sampleOf(aStats({ second: 0, memory: { usage: 2 * GIB } }));
    assert.ok(sample);
    assert.deepEqual(usageOf(undefined, sample), {
      cpu: null,
      memory: 2,
      received: null,
      sent: null,
      read: null,
      written: null,
    });
  });

  test('has no rate where a restart reset a counter; the others are right', () => {
    const usage = of(
      aStats({ second: 0, cpu: 5e9, received: 9 * MIB, written: MIB }),
      aStats({ second: 10, cpu: 1e9, received: 0, written: 11 * MIB }),
    );
    assert.equal(usage.cpu, null);
    assert.equal(usage.received, null);
    assert.equal(usage.written, 1);
  });

  test('has no rates from readings too close, or from a clock that went back', () => {
    for (const second of [10, 10.4, 9]) {
      const usage = of(aStats({ second: 10, cpu: 0 }), aStats({ second, cpu: 1e9 }));
      assert.equal(usage.cpu, null, `${second}`);
    }
  });

  test('adds up networks and disks, and knows when there is no network', () => {
    const two = aStats({ second: 1 });
    const networks = { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } };
    const blkio_stats = {
      io_service_bytes_recursive: [
        { op: 'read', value: 1 },
        { op: 'write', value: 2 },
        { op: 'Read', value: 10 },
        { op: 'Write', value: 20 },
        { op: 'Total', value: 500 },
      ],
    };
    const { received, sent, read, written } = sampleOf({ ...two, networks, blkio_stats }) ?? {};
    assert.deepEqual([received, sent, read, written], [11, 22, 11, 22]);
    const { networks: _, ...none } = two;
    assert.equal(sampleOf(none)?.received, undefined);
    assert.equal(sampleOf({ ...two, blkio_stats: { io_service_bytes_recursive: null } })?.read, 0);
  });

  test('counts memory without the page cache, on either cgroup version', () => {
    const memory = (usage: number | undefined, stats?: Record<string, number>): number | undefined =>
      sampleOf({
        ...aStats(),
        memory_stats: { ...(usage !== undefined && { usage }), ...(stats && { stats }) },
      })?.memoryBytes;
    assert.equal(memory(1000, { inactive_file: 300 }), 700, 'version 2');
    assert.equal(memory(1000, { total_inactive_file: 400, inactive_file: 1 }), 600, 'version 1');
    assert.equal(memory(1000), 1000);
    assert.equal(memory(1000, { inactive_file: 2000 }), 1000, 'never below nothing');
    assert.equal(memory(undefined), undefined);
  });

  test('is none of a container that does not run', () => {
    assert.equal(sampleOf({ ...aStats(), read: '0001-01-01T00:00:00Z' }), undefined);
    assert.equal(sampleOf({ ...aStats(), read: '' }), undefined);
  });
});

suite('a container as a resource', () => {
  const of = (change: Parameters<typeof anInspect>[0]) => containerOf(anInspect(change), undefined, place);

  test('hangs below its stack, else below the engine', () => {
    const inStack = of({ Name: '/media-plex-1', Labels: compose('media', 'plex', '1') });
    assert.equal(inStack.id, 'docker/nas/container/media.plex.1');
    assert.equal(inStack.parent, 'docker/nas/stack/media');
    const alone = of({ Name: '/web' });
    assert.equal(alone.id, 'docker/nas/container/web');
    assert.equal(alone.parent, 'docker/nas/host/engine');
  });

  test('is on while it runs or is about to', () => {
    const on = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'].filter(
      (Status) => of({ State: { Status } }).readings.on,
    );
    assert.deepEqual(on, ['running', 'paused', 'restarting']);
  });

  test('has an exit code once it ended, a start once it started, health once it is checked', () => {
    const ended = of({ State: { Status: 'exited', ExitCode: 137 } }).readings;
    assert.equal(ended.exit_code, 137);
    const running = of({
      State: { Status: 'running', ExitCode: 0, StartedAt: '2026-01-02T03:04:05.678901234Z' },
    });
    assert.equal(running.readings.exit_code, null);
    assert.equal(running.readings.started, '2026-01-02T03:04:05+00:00');
    assert.equal(of({ State: { StartedAt: '0001-01-01T00:00:00Z' } }).readings.started, null);
    assert.equal(of({ State: { Health: { Status: 'unhealthy' } } }).readings.health, 'unhealthy');
    assert.equal('health' in of({ State: { Health: { Status: 'none' } } }).readings, false);
    assert.equal('health' in of({}).readings, false);
  });

  test('has network readings only where the network is its own', () => {
    const has = (NetworkMode?: string): boolean =>
      'network_received' in of(NetworkMode === undefined ? {} : { NetworkMode }).readings;
    assert.deepEqual(['bridge', 'media_default', undefined].map(has), [true, true, true]);
    assert.deepEqual(['host', 'none', 'container:0123'].map(has), [false, false, false]);
  });

  test('links to what a browser may open, lowest port first', () => {
    const bound = (HostPort: string, HostIp = '0.0.0.0') => [{ HostIp, HostPort }];
    const Ports = {
      '8443/tcp': bound('8443'),
      '80/tcp': bound('8080'),
      '5432/tcp': bound('5432'),
      '53/udp': bound('5353'),
      '3000/tcp': bound('3000', '127.0.0.1'),
      '3001/tcp': bound('3001', '::1'),
      '9000/tcp': null,
      '9001/tcp': [...bound('1', '127.0.0.1'), ...bound('9001', '::')],
    };
    const { facts } = of({ Ports });
    assert.deepEqual(facts.ports, ['http://nas.lan:8080', 'https://nas.lan:8443', 'http://nas.lan:9001']);
    assert.equal(facts.url, 'http://nas.lan:8080');
    const unknown = containerOf(anInspect({ Ports }), undefined, { ...place, address: undefined });
    assert.equal('url' in unknown.facts || 'ports' in unknown.facts, false);
  });

  test('tells the version of its image where that says it', () => {
    assert.equal(of({ Labels: { 'org.opencontainers.image.version': '1.40' } }).facts.version, '1.40');
    assert.equal('version' in of({ Labels: { 'org.opencontainers.image.version': '' } }).facts, false);
    assert.equal(of({}).facts.model, 'plex:latest');
  });
});

suite('stack and engine', () => {
  const one = (State: object, usage?: { cpu: number; memory: number }) =>
    containerOf(
      anInspect({ State }),
      usage && { received: null, sent: null, read: null, written: null, ...usage },
      place,
    );
  const healthy = one({ Status: 'running', Health: { Status: 'healthy' } }, { cpu: 100, memory: 1 });
  const sick = one({ Status: 'running', Health: { Status: 'unhealthy' } }, { cpu: 60, memory: 0.5 });
  const ended = one({ Status: 'exited' });

  test('a stack counts its containers and says when one is in trouble', () => {
    const readings = (...containers: (typeof healthy)[]) => stackOf('media', containers, [], place).readings;
    const counts = (...containers: (typeof healthy)[]): readonly unknown[] => {
      const { running, total, unhealthy, problem } = readings(...containers);
      return [running, total, unhealthy, problem];
    };
    assert.deepEqual(counts(healthy, ended), [1, 2, 0, false]);
    assert.deepEqual(counts(healthy, sick), [2, 2, 1, true]);
    assert.equal(readings(one({ Status: 'restarting' })).problem, true);
    assert.equal(readings(one({ Status: 'dead' })).problem, true);
  });

  test('a stack without containers is not available', () => {
    assert.equal(stackOf('media', [healthy], [], place).available, true);
    assert.equal(stackOf('media', [], [], place).available, false);
  });

  test('an engine adds up its containers, over all of its cores', () => {
    assert.deepEqual(hostOf({ info: ENGINE }, [healthy, sick, ended], place).readings, {
      version: '29.0.0',
      running: 2,
      stopped: 1,
      unhealthy: 1,
      cpu: 40,
      memory: 1.5,
      memory_total: 16,
    });
  });

  test('an engine uses nothing where nothing runs, and an unknown amount before it was measured', () => {
    assert.deepEqual(
      [
        hostOf({ info: ENGINE }, [ended], place).readings.cpu,
        hostOf({ info: ENGINE }, [], place).readings.memory,
      ],
      [0, 0],
    );
    const unmeasured = hostOf({ info: ENGINE }, [one({ Status: 'running' })], place).readings;
    assert.deepEqual([unmeasured.cpu, unmeasured.memory], [null, null]);
  });

  test('an engine that has not answered yet knows nothing', () => {
    const { readings, name } = hostOf({}, [], place);
    assert.equal(name, 'NAS');
    assert.deepEqual(new Set(Object.values(readings)), new Set([null]));
  });
});

suite('what describes a container', () => {
  const of = (change: Partial<ReturnType<typeof anInspect>>) =>
    containerOf({ ...anInspect(), ...change }, undefined, place);

  test('are its limits, where it has any', () => {
    const { HostConfig } = anInspect();
    const limits = (limited: object): readonly unknown[] => {
      const { memory_limit, cpu_limit } = of({ HostConfig: { ...HostConfig, ...limited } }).readings;
      return [memory_limit, cpu_limit];
    };
    assert.deepEqual(limits({}), [undefined, undefined]);
    assert.deepEqual(limits({ Memory: 0, NanoCpus: 0, CpuQuota: -1 }), [undefined, undefined]);
    assert.deepEqual(limits({ Memory: GIB / 2, NanoCpus: 1.5e9 }), [0.5, 150]);
    assert.deepEqual(limits({ CpuQuota: 50_000 }), [undefined, 50]);
    assert.deepEqual(limits({ CpuQuota: 50_000, CpuPeriod: 25_000 }), [undefined, 200]);
  });

  test('is the short id of its image', () => {
    assert.equal(of({ Image: `sha256:${'ab12'.repeat(16)}` }).readings.digest, 'ab12ab12ab12');
    assert.equal(of({}).readings.digest, null);
    assert.equal(of({ Image: 'sha256:<script>' }).readings.digest, null);
  });

  test('are its networks and mounts', () => {
    const { facts } = of({
      NetworkSettings: {
        Networks: { media_default: { IPAddress: '172.20.0.3' }, off: { IPAddress: '' }, odd: null },
      },
      Mounts: [
        { Type: 'bind', Source: '/srv/media', Destination: '/media', RW: false },
        {
          Type: 'volume',
          Name: 'config',
          Source: '/var/lib/docker/volumes/config/_data',
          Destination: '/config',
          RW: true,
        },
        { Type: 'tmpfs', Source: '', Destination: '/run' },
      ],
    });
    assert.deepEqual(facts.networks, ['media_default 172.20.0.3', 'odd', 'off']);
    assert.deepEqual(facts.mounts, ['/srv/media → /media (read only)', 'config → /config', 'tmpfs → /run']);
  });

  test('are its labels, without secrets, cut to what can be read', () => {
    const { Config } = anInspect();
    const labels = (Labels: Record<string, string>): unknown =>
      of({ Config: { ...Config, Labels } }).facts.labels;
    assert.deepEqual(
      labels({
        ...compose('media', 'plex'),
        'traefik.enable': 'true',
        'traefik.http.middlewares.a.basicauth.users': 'bob:$apr1$hash',
        'app.api_key': 'hunter2',
        'homepage.widget.key': 'hunter2',
        'homepage.widget.url': 'http://bob:hunter2@host/',
        'rude\u202Ename': 'a\nb',
        keyboard: 'de',
      }),
      [
        'app.api_key=***',
        'homepage.widget.key=***',
        'homepage.widget.url=***',
        'keyboard=de',
        'rudename=ab',
        'traefik.enable=true',
        'traefik.http.middlewares.a.basicauth.users=***',
      ],
    );
    const many = labels(
      Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`l${at}`, 'x'.repeat(5_000)])),
    );
    assert.ok(Array.isArray(many) && many.length === 50 && many.every((label) => label.length === 200));
    assert.equal(labels({}), undefined);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Finding } from '../addon/src/contract/finding.ts';
import type { Session, SourceContext } from '../addon/src/contract/source.ts';
import type { LabError } from '../addon/src/core/errors.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Meter } from '../addon/src/core/meter.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { DockerSession } from '../addon/src/sources/docker/session.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { type ProxyFlags, patternProxy, socketProxy } from '../simulators/docker/socket-proxy.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { eventually } from './parts/process.ts';

type Gate = ReturnType<typeof socketProxy>;

/** A session behind a proxy, watched; `bound` is what the engine was known by. */
async function behind(gate: Gate, check: (parts: Behind) => Promise<void>): Promise<void> {
  const engine = new DockerEngine({ stopMs: 10, statsWaitMs: 5 });
  engine.create({ name: 'shop-web-1', image: 'web:1', labels: composeLabels('shop', 'web') });
  engine.start('shop-web-1');
  const calls: string[] = [];
  const server = await startDockerSimulator({
    engine,
    gate: (method, path) => {
      calls.push(`${method} ${path.replace(/[0-9a-f]{64}/, '{id}')}`);
      return gate(method, path);
    },
  });
  const clock = new FakeClock();
  const parts: Behind = { engine, calls, clock, resources: [], findings: [], events: [], bound: [] } as never;
  const context = {
    ...{ owner: 'docker/nas', title: 'NAS', clock, log: silentLog, meter: new Meter(clock) },
    identities: {
      bind: (system: string) => {
        parts.bound.push(system);
        return 'docker/nas';
      },
      generation: () => 1,
      bearers: () => 0,
    },
    memory: { get: () => undefined, put: () => {} },
    capabilities: { for: () => undefined },
    publish: (resources: readonly LabResource[]) => void Object.assign(parts, { resources }),
    report: (findings: readonly Finding[]) => void Object.assign(parts, { findings }),
    rollCall: () => async () => [],
    emit: (id: string, _: string, event: { event_type: string }) =>
      void parts.events.push(`${id} ${event.event_type}`),
  } satisfies SourceContext;
  const session = new DockerSession({ url: server.url }, context);
  const stop = new AbortController();
  const ended = session.watches[0]?.run(stop.signal, (resources) =>
    Object.assign(parts, { resources, isReady: true }),
  );
  ended?.catch((thrown: LabError) => Object.assign(parts, { failure: thrown }));
  try {
    await check(Object.assign(parts, { session }));
  } finally {
    stop.abort();
    await session.close();
    await server.close();
    await ended?.catch(() => {});
  }
}

interface Behind {
  readonly engine: DockerEngine;
  readonly calls: string[];
  readonly clock: FakeClock;
  readonly session: Session;
  readonly resources: readonly LabResource[];
  readonly findings: readonly Finding[];
  readonly events: string[];
  readonly bound: string[];
  readonly isReady?: boolean;
  readonly failure?: LabError;
}

const ready = (parts: Behind): Promise<unknown> =>
  eventually('it to stand', () => parts.isReady === true, 5_000);
const web = ({ resources }: Behind) =>
  resources.find(({ id }) => id === 'docker/nas/container/shop.web.1') as LabResourceOf<'container'>;
const host = ({ resources }: Behind) =>
  resources.find(({ id }) => id === 'docker/nas/host/engine') as LabResourceOf<'host'>;
const keys = ({ findings }: Behind): readonly string[] => findings.map(({ key }) => key).sort();
const controls = ({ readings }: { readings: object }): readonly string[] =>
  ['switchable', 'restartable', 'pausable', 'killable'].filter((name) => name in readings);
const signal = AbortSignal.timeout(20_000);
const run = (parts: Behind, name: string) =>
  parts.session.tasks.find((task) => task.name === name)?.run(signal);

suite('behind a socket proxy', () => {
  const READ: ProxyFlags = { CONTAINERS: true, EVENTS: true, INFO: true, VERSION: true, SYSTEM: true };

  test('that lets all pass, nothing is missing and nothing said', async () => {
    await behind(
      socketProxy(() => ({ ...READ, POST: true })),
      async (parts) => {
        await ready(parts);
        assert.deepEqual(controls(web(parts)), ['switchable', 'restartable', 'pausable', 'killable']);
        assert.deepEqual(parts.findings, []);
        assert.deepEqual(
          parts.calls.filter((call) => call.startsWith('POST')),
          ['POST /containers/{id}/labkeeper'],
          'an engine that refuses nothing is asked for one thing that it does not know',
        );
      },
    );
  });

  test('that only reads, controls are not there, and it is said how they would be', async () => {
    await behind(
      socketProxy(() => READ),
      async (parts) => {
        await ready(parts);
        assert.deepEqual(controls(web(parts)), []);
        const stack = parts.resources.find(({ kind }) => kind === 'stack');
        assert.ok(stack !== undefined && controls(stack).length === 0);
        assert.deepEqual(keys(parts), ['refused-controls']);
        const [finding] = parts.findings;
        assert.equal(finding?.severity, 'info');
        assert.match(finding?.remedy ?? '', /ALLOW_START=1, ALLOW_STOP=1, ALLOW_RESTARTS=1, POST=1/);
        await run(parts, 'disk usage');
        await run(parts, 'container statistics');
        assert.equal(typeof host(parts).readings.disk_used, 'number');
        assert.equal(typeof web(parts).readings.memory, 'number');
        parts.engine.die('shop-web-1', 3);
        await eventually(
          'the event',
          () => parts.events.includes('docker/nas/container/shop.web.1 ended'),
          5_000,
        );
      },
    );
  });

  test('that lets some controls pass, those are there', async () => {
    await behind(
      socketProxy(() => ({ ...READ, ALLOW_RESTARTS: true })),
      async (parts) => {
        await ready(parts);
        assert.deepEqual(controls(web(parts)), ['restartable', 'killable']);
        assert.match(parts.findings[0]?.remedy ?? '', /^If they shall: ALLOW_START=1, POST=1 at/);
      },
    );
    await behind(
      socketProxy(() => ({ ...READ, ALLOW_START: true, ALLOW_STOP: true })),
      async (parts) => {
        await ready(parts);
        assert.deepEqual(controls(web(parts)), ['switchable']);
      },
    );
  });

  test('that tells of containers alone, the rest is left out, one by one, and everything is still followed', async () => {
    await behind(
      socketProxy(() => ({ CONTAINERS: true })),
      async (parts) => {
        await ready(parts);
        assert.deepEqual(parts.bound.length, 1);
        assert.match(parts.bound[0] ?? '', /^at http/, 'its address stands for the engine');
        const { running, stopped, ...rest } = host(parts).readings;
        assert.deepEqual([running, stopped], [1, 0]);
        assert.equal('version' in rest || 'cpu' in rest || 'memory_total' in rest, false);
        assert.equal(await (parts.session as DockerSession).image('web:1', signal), undefined);
        await run(parts, 'disk usage');
        assert.equal('disk_used' in host(parts).readings, false);
        await run(parts, 'container statistics');
        assert.equal(typeof web(parts).readings.memory, 'number');
        assert.deepEqual(keys(parts), [
          'refused-controls',
          'refused-disk',
          'refused-events',
          'refused-images',
          'refused-info',
          'refused-version',
        ]);
        const remedies = parts.findings.map(({ remedy }) => remedy).join();
        for (const flag of ['EVENTS=1', 'INFO=1', 'VERSION=1', 'SYSTEM=1', 'IMAGES=1'])
          assert.ok(remedies.includes(flag), flag);
        parts.engine.die('shop-web-1', 3);
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(web(parts).readings.state, 'running', 'nobody told it');
        parts.clock.advance(30_000);
        await eventually('the next reading', () => web(parts).readings.state === 'exited', 5_000);
      },
    );
  });

  test('that lets not even containers pass, it says what is missing', async () => {
    await behind(
      socketProxy(() => ({ INFO: true, EVENTS: true })),
      async (parts) => {
        await eventually('the failure', () => parts.failure !== undefined, 5_000);
        assert.equal(parts.failure?.code, 'credentials_refused');
        assert.match(parts.failure?.hint ?? '', /CONTAINERS=1/);
      },
    );
  });

  test('with patterns, statistics and methods are refused apart', async () => {
    const gate = patternProxy({ GET: /^\/(info|version|events|containers\/json|containers\/[^/]+\/json)$/ });
    await behind(gate, async (parts) => {
      await ready(parts);
      await run(parts, 'container statistics');
      assert.deepEqual(
        ['cpu', 'memory', 'network_received', 'disk_read'].filter((name) => name in web(parts).readings),
        [],
      );
      assert.equal('memory' in host(parts).readings, false);
      assert.deepEqual(controls(web(parts)), []);
      assert.deepEqual(keys(parts), ['refused-controls', 'refused-stats']);
      const before = parts.calls.length;
      await run(parts, 'container statistics');
      assert.equal(parts.calls.length, before, 'what is refused is not asked for again and again');
    });
  });
});

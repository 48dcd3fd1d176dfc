import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { sourcesFor, systemsOf } from '../addon/src/app/systems.ts';
import { validateOptions } from '../addon/src/config/validate.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import type { Exchange } from '../addon/src/core/exchange.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { record, type Written } from '../addon/src/record/recorder.ts';
import { readCapture } from '../simulators/replay/capture-file.ts';
import { startReplay } from '../simulators/replay/server.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { PLANTED, plantedLab } from './helpers/planted-lab.ts';
import { recordingLog } from './helpers/samples.ts';

const SECONDS = 240;

/** Labkeeper's engine before these systems. */
async function talkTo(
  options: object,
  clock: FakeClock,
  onExchange: (owner: string, exchange: Exchange) => void = () => {},
) {
  const sources = await sourcesFor(options);
  const systems = systemsOf(validateOptions(sources, options), sources);
  const store = new Store<LabResource>();
  const log = recordingLog();
  const engine = new Engine(systems, {
    ...{ store, clock, random: () => 0.5, log, database: memoryDatabase(), onExchange },
    intervals: { fast: 30, slow: 60, rare: 60 },
  });
  engine.start();
  return { store, log, close: () => engine.close() };
}

/** How many there are of each kind, and of each reading that they have. */
function countsOf(store: Store<LabResource>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (key: string): void => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const { kind, readings, parent, aliases = [] } of store.all()) {
    count(kind);
    if (parent !== undefined) count(`${kind} in a parent`);
    for (const alias of aliases) count(`${kind} by ${alias.split(':')[0]}`);
    for (const key of Object.keys(readings)) count(`${kind}.${key}`);
  }
  return counts;
}

/** Simulated time passes, and real time for what is on the wire. */
async function pass(clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    await sleep(12);
  }
}

suite('a recording', () => {
  let lab: Awaited<ReturnType<typeof plantedLab>>;
  let folder: string;
  let written: Written;
  let text: string;
  let original: Readonly<Record<string, number>>;
  let heard = '';

  before(async () => {
    const clock = new FakeClock();
    lab = await plantedLab(clock);
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-record-'));
    const sources = await sourcesFor(lab.options);
    const systems = systemsOf(validateOptions(sources, lab.options), sources);
    let tell: (owner: string, exchange: Exchange) => void = () => {};
    const run = await talkTo(lab.options, clock, (owner, exchange) => {
      heard += `${exchange.path} ${exchange.answer?.body}`;
      tell(owner, exchange);
    });
    const done = record(
      {
        ...{ version: '0', clock, folder },
        systems: systems.map(({ source, id, options }) => ({ source: source.id, id, options })),
        listen: (onExchange) => {
          tell = onExchange;
          return run;
        },
      },
      SECONDS,
    );
    await pass(clock, SECONDS);
    original = countsOf(run.store);
    await clock.advance(1_000);
    written = await done;
    text = gunzipSync(readFileSync(written.file)).toString('utf8');
  });

  after(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is a file for its owner only, of lines of JSON', () => {
    assert.equal(statSync(written.file).mode & 0o777, 0o600);
    const [head, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      head.systems.map(({ id }: { id: string }) => id),
      ['docker1', 'proxmox2', 'pbs3', 'redfish4'],
    );
    assert.equal(lines.length, written.requests);
    for (const system of [0, 1, 2, 3])
      assert.ok(lines.some((line) => line.system === system && line.status === 200));
  });

  test('holds nothing of what was planted, in no encoding', () => {
    for (const planted of [...PLANTED, ...lab.secrets]) {
      const plain = Buffer.from(planted, 'utf8');
      const spelled = [
        planted,
        encodeURIComponent(planted),
        planted.replaceAll(/[:.-]/g, ''),
        planted.replaceAll('.', '-'),
        plain.toString('hex'),
        // Wherever in a longer text it stands.
        ...[0, 1, 2].map((offset) =>
          Buffer.concat([Buffer.alloc(offset), plain])
            .toString('base64')
            .slice(offset === 0 ? 0 : 4, -4),
        ),
      ];
      for (const one of spelled) {
        assert.ok(one.length >= 4, planted);
        const at = text.toLowerCase().indexOf(one.toLowerCase());
        assert.equal(at, -1, `${planted} as ${one}: ${text.slice(Math.max(0, at - 80), at + 80)}`);
      }
    }
  });

  test('was planted where it could be found', () => {
    const all = heard.toLowerCase();
    for (const planted of PLANTED) assert.ok(all.includes(planted.toLowerCase()), planted);
  });

  test('played back makes the same lab of it', async () => {
    const clock = new FakeClock();
    const replay = await startReplay(await readCapture(written.file), { clock });
    const run = await talkTo(replay.options, clock);
    try {
      await pass(clock, SECONDS);
      assert.deepEqual(countsOf(run.store), original, run.log.lines.join('\n'));
      assert.deepEqual([...replay.unknown], []);
      const names = [...run.store.all()].map(({ name }) => name).join(' ');
      for (const planted of PLANTED) assert.ok(!names.toLowerCase().includes(planted.toLowerCase()), names);
    } finally {
      await run.close();
      await replay.close();
    }
  });
});

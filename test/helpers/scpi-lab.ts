import assert from 'node:assert/strict';
import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { scpi } from '../../addon/src/sources/scpi/index.ts';
import {
  type ScpiSimulator,
  type SimInstrument,
  SimMeter,
  SimScope,
  SimSupply,
  startScpiSimulator,
} from '../../simulators/scpi/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

/** A bench on the wire with the source before it, by a clock that the test moves. */
export async function scpiLab(
  own: Readonly<Record<string, object>> = {},
  shared: object = {},
  before: (sims: Readonly<Record<'supply' | 'meter' | 'scope', ScpiSimulator>>) => void = () => {},
) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { until, during } = passingTime({ clock, log, stepMs: 250 });
  const store = new Store<LabResource>();
  const findings = new Map<string, readonly Finding[]>();
  const events: (readonly [string, string, SourceEvent])[] = [];
  const [supply, meter, scope] = [new SimSupply(), new SimMeter(), new SimScope()];
  const start = (instrument: SimInstrument): Promise<ScpiSimulator> => startScpiSimulator(instrument);
  const sims = { supply: await start(supply), meter: await start(meter), scope: await start(scope) };
  before(sims);
  const engine = new Engine(
    Object.entries(sims).map(([id, { host, port }]) => ({
      ...{ source: scpi as unknown as Source, id, title: id },
      options: { host, port, timeout: 2, ...own[id], ...shared },
    })),
    {
      ...{ store, clock, log, database: memoryDatabase(), random: () => 0.5 },
      intervals: { fast: 30, slow: 60, rare: 600 },
      onEvent: (...event) => events.push(event),
      onFindings: (owner, found) => findings.set(owner, found),
    },
  );
  engine.start();

  const idOf = (id: string): string => `scpi/${id}/instrument/self`;
  const at = (id: string): LabResourceOf<'instrument'> | undefined =>
    store.get(idOf(id)) as LabResourceOf<'instrument'> | undefined;
  const value = (id: string, list: 'voltages' | 'currents' | 'frequencies' | 'resistances', key: string) =>
    at(id)?.readings[list]?.find((item) => item.key === key)?.value;

  return {
    ...{
      clock,
      log,
      store,
      events,
      findings,
      supply,
      meter,
      scope,
      sims,
      until,
      during,
      at,
      value,
      idOf,
      engine,
    },
    output: (key: string) => at('supply')?.readings.outputs?.find((output) => output.key === key),
    known: () =>
      until('three instruments', () => ['supply', 'meter', 'scope'].every((id) => at(id)?.available)),
    control: (id: string) => {
      const found = engine.for(idOf(id), 'instrument');
      assert.ok(found);
      return found;
    },
    close: async () => {
      await engine.close();
      for (const sim of Object.values(sims)) await sim.close();
    },
  };
}

export type ScpiLab = Awaited<ReturnType<typeof scpiLab>>;

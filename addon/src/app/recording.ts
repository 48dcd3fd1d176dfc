import { systemClock } from '../core/clock.ts';
import { memoryDatabase } from '../core/database.ts';
import { silentLog } from '../core/log.ts';
import { type Configured, Engine } from '../engine/engine.ts';
import type { LabResource } from '../kinds/index.ts';
import { Store } from '../model/store.ts';
import type { RecordedSystem } from '../record/capture.ts';
import type { Listening } from '../record/recorder.ts';

/** Seconds. */
const INTERVALS = { fast: 30, slow: 60, rare: 120 };

/**
 * Opens further sessions to the systems, which read everything from the beginning, and change nothing that the app
 * itself knows or publishes.
 */
export function listening(systems: readonly Configured[]): Listening {
  return (onExchange) => {
    const database = memoryDatabase();
    const store = new Store<LabResource>();
    const engine = new Engine(systems, {
      ...{ store, database, onExchange },
      // What goes wrong, the app's own sessions tell.
      log: silentLog,
      clock: systemClock,
      random: Math.random,
      intervals: INTERVALS,
    });
    engine.start();
    return {
      close: async () => {
        await engine.close();
        database.close();
      },
    };
  };
}

/** What of the configured systems goes into a capture's first line, before it is scrubbed. */
export const recordedSystems = (systems: readonly Configured[]): readonly RecordedSystem[] =>
  systems.map(({ source, id, options }) => ({ source: source.id, id, options }));

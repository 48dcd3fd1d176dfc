import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { mcp } from '../../addon/src/sources/mcp/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

/** The source before servers that the test has started, by a clock that the test moves. */
export async function mcpLab(
  servers: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  database: Database = memoryDatabase(),
) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { until } = passingTime({ clock, log, stepMs: 250 });
  const codes: string[] = [];
  log.warn = (message, fields) => {
    log.lines.push(`warn ${message}`);
    if (typeof fields?.code === 'string') codes.push(fields.code);
  };
  const store = new Store<LabResource>();
  const findings = new Map<string, readonly Finding[]>();
  const events: SourceEvent[] = [];
  const engine = new Engine(
    Object.entries(servers).map(([id, options]) => ({
      ...{ source: mcp as unknown as Source, id, title: id, options },
    })),
    {
      ...{ store, clock, log, database, random: () => 0.5 },
      intervals: { fast: 30, slow: 60, rare: 600 },
      onEvent: (_id, _key, event) => events.push(event),
      onFindings: (owner, found) => findings.set(owner, found),
    },
  );
  engine.start();

  const at = (id: string): LabResourceOf<'mcpserver'> | undefined =>
    store.get(`mcp/${id}/mcpserver/self`) as LabResourceOf<'mcpserver'> | undefined;
  return {
    ...{ clock, log, codes, store, events, findings, until, at, engine, database },
    seen: (id: string) => until(`${id} is there`, () => at(id)?.available),
    gone: (id: string) => until(`${id} is gone`, () => at(id)?.available === false),
    said: (text: string) => until(`“${text}”`, () => log.lines.some((line) => line.includes(text))),
    close: () => engine.close(),
  };
}

export type McpLab = Awaited<ReturnType<typeof mcpLab>>;

import type { Executor } from '../actions/executor.ts';
import type { FindingsView } from '../contract/finding.ts';
import type { Clock } from '../core/clock.ts';
import type { LogTail } from '../core/log-tail.ts';
import type { Engine } from '../engine/engine.ts';
import type { HttpParts } from '../http/parts.ts';
import type { LabResource } from '../kinds/index.ts';
import { ACTIONS } from '../lab/index.ts';
import type { Bridge } from '../mqtt/bridge.ts';
import { connectionsOf } from './connections.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { filesOf } from './files.ts';

export interface OwnParts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Without their secrets. */
  readonly options: unknown;
  /** Of the files that people write beside them; undefined: there is none. */
  readonly configFolder: string | undefined;
  readonly engine: Engine;
  readonly bridge: Pick<Bridge, 'broker'>;
  readonly findings: FindingsView;
  readonly executor: Executor;
  readonly lab: { all(): Iterable<LabResource> };
  readonly tail: LogTail;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
}

/** What Labkeeper shows of itself, to who runs it. */
export function ownParts({
  engine,
  bridge,
  tail,
  redact,
  configFolder,
  clock,
  ...rest
}: OwnParts): Pick<HttpParts, 'connections' | 'files' | 'ownLog' | 'diagnostics'> {
  const connections = connectionsOf(engine, bridge, redact);
  return {
    connections,
    ...filesOf(configFolder, ACTIONS),
    ownLog: (after, most) => tail.after(after, most),
    diagnostics: diagnosticsOf({ ...rest, connections, redact, log: tail, now: () => clock.now() }),
  };
}

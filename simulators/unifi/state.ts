import type { UnifiSessions } from './sessions.ts';
import type { Generation, Site } from './site.ts';

/** What answers are made of. */
export interface UnifiSimulatorState {
  readonly site: Site;
  readonly generation: Generation;
  readonly sessions: UnifiSessions;
  readonly uuid: string;
  version: string;
  /** Paths below the site that this version does not have. */
  readonly lacking: Set<string>;
  /** Every change that was asked for and allowed. */
  readonly written: { readonly method: string; readonly path: string; readonly body: unknown }[];
}

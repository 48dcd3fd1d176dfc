import type { Finding } from '../contract/finding.ts';
import type { ErrorCode, LabError } from '../core/errors.ts';
import type { SystemCondition } from './parts.ts';

/** What has to be so, in this order, before a system shows all that it has. */
export const STAGES = ['reached', 'logged_in', 'read', 'complete'] as const;
export type Stage = (typeof STAGES)[number];

/** `open`: it is not known yet, or what comes before it is in the way. */
export type StageState = 'ok' | 'failed' | 'open';

export interface StageView {
  readonly stage: Stage;
  readonly state: StageState;
  /** What is in the way, and the fix: in words, and as lines to type. */
  readonly trouble?: readonly Trouble[];
}

export interface Trouble {
  readonly message: string;
  readonly hint?: string;
  readonly commands?: readonly string[];
}

/** Where an error stands in the way; what is not here is about reading. */
const STAGE_OF: Partial<Record<ErrorCode, Stage>> = {
  unreachable: 'reached',
  deadline_passed: 'reached',
  certificate_refused: 'reached',
  path_wrong: 'reached',
  protocol_wrong: 'reached',
  version_refused: 'reached',
  credentials_refused: 'logged_in',
  sessions_exhausted: 'logged_in',
};

/**
 * How far a system is on its way, for who sets it up.
 *
 * @param findings of this system: what it withholds
 */
export function checklistOf(condition: SystemCondition, findings: readonly Finding[]): readonly StageView[] {
  const { state, trouble, unread, failing } = condition;
  if (state !== 'reachable') return beforeIt(state === 'lost' ? trouble : undefined);
  const missing = findings.filter(({ severity }) => severity !== 'info');
  return [
    ...ok('reached', 'logged_in'),
    failing.length > 0
      ? { stage: 'read', state: 'failed', trouble: [{ message: `could not be read: ${failing.join(', ')}` }] }
      : { stage: 'read', state: unread.length > 0 ? 'open' : 'ok' },
    missing.length > 0
      ? { stage: 'complete', state: 'failed', trouble: missing.map(troubleOf) }
      : { stage: 'complete', state: unread.length > 0 ? 'open' : 'ok' },
  ];
}

function beforeIt(trouble: LabError | undefined): readonly StageView[] {
  const failed = trouble === undefined ? -1 : STAGES.indexOf(STAGE_OF[trouble.code] ?? 'read');
  return STAGES.map((stage, at) => {
    if (trouble === undefined || at > failed) return { stage, state: 'open' };
    if (at < failed) return { stage, state: 'ok' };
    const { message, hint } = trouble;
    return { stage, state: 'failed', trouble: [{ message, ...(hint !== undefined && { hint }) }] };
  });
}

const ok = (...stages: readonly Stage[]): readonly StageView[] =>
  stages.map((stage) => ({ stage, state: 'ok' }));

const troubleOf = ({ title, message, remedy, commands }: Finding): Trouble => ({
  message: `${title}. ${message}`,
  ...(remedy !== undefined && { hint: remedy }),
  ...(commands !== undefined && { commands }),
});

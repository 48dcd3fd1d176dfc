/**
 * Why something cannot be told. `away`: a configured system does not answer, or was not read whole yet. `unset`: no
 * configured system tells of such things. `withheld`: a system does not show it.
 */
export type Doubt = 'away' | 'withheld' | 'unset';

/** Whether something is so; null: that cannot be seen. */
export interface Verdict {
  readonly is: boolean | null;
  /** What shows it, or why nothing does: sentences without a full stop. */
  readonly because: readonly string[];
  /** Where it cannot be seen. */
  readonly doubt?: Doubt;
  /** Ids of things that would be it, were they otherwise. */
  readonly near?: readonly string[];
}

const reasons = (verdicts: readonly Verdict[]): Pick<Verdict, 'because' | 'near'> => ({
  because: [...new Set(verdicts.flatMap(({ because }) => because))],
  near: [...new Set(verdicts.flatMap(({ near = [] }) => near))],
});

const doubts = (verdicts: readonly Verdict[]): readonly (Doubt | undefined)[] =>
  verdicts.map(({ doubt }) => doubt);

/** All of them are so. What is already known not to be so outweighs what cannot be seen. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  const wrong = verdicts.filter(({ is }) => is === false);
  if (wrong.length > 0) return { is: false, ...reasons(wrong) };
  const open = verdicts.filter(({ is }) => is === null);
  if (open.length === 0) return { is: true, ...reasons(verdicts) };
  // It is in doubt only where an answer would settle it.
  const doubt = (['unset', 'withheld', 'away'] as const).find((one) => doubts(open).includes(one)) ?? 'away';
  return { is: null, ...reasons(open), doubt };
}

/**
 * One of them is so. Who names several ways to see something does not have to have all of them: one for which no system
 * is configured does not count where another one can be seen.
 */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  const right = verdicts.filter(({ is }) => is === true);
  if (right.length > 0) return { is: true, ...reasons(right.slice(0, 1)) };
  const open = verdicts.filter(({ is, doubt }) => is === null && doubt !== 'unset');
  if (open.length > 0) {
    const doubt = doubts(open).includes('away') ? 'away' : 'withheld';
    return { is: null, ...reasons(open), doubt };
  }
  const wrong = verdicts.filter(({ is }) => is === false);
  if (wrong.length > 0) return { is: false, ...reasons(verdicts) };
  return { is: null, ...reasons(verdicts), doubt: 'unset' };
}

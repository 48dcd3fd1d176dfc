import type { Executor } from '../actions/executor.ts';
import type { Outcome } from '../actions/records.ts';
import { loadAnnouncements } from '../config/announcements.ts';
import type { Action } from '../contract/action.ts';
import type { Announcing } from '../contract/announcing.ts';
import type { AnnounceInput } from '../contract/inputs/announce.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Language } from '../lab/announce/sentence.ts';
import type { Store } from '../model/store.ts';
import { type SpeakUpParts, speakUp } from './speak-up.ts';

export interface OwnWordsParts extends Pick<SpeakUpParts, 'clock' | 'log'> {
  readonly announcing: Announcing | undefined;
  readonly store: SpeakUpParts['store'] & Pick<Store<LabResource>, 'get'>;
  readonly executor: Pick<Executor, 'submit'>;
  readonly actions: readonly Action[];
  /** Of configuration, where `announcements.yaml` is. */
  readonly folder: string | undefined;
  /** The option. */
  readonly language: Language | undefined;
}

/** What Labkeeper says by itself. */
export interface OwnWords {
  /** Takes what became of something that somebody asked for. */
  onOutcome(outcome: Outcome): void;
  close(): void;
}

interface Attempt {
  readonly input: AnnounceInput;
  readonly rules: string;
  /** How often it was tried before. */
  readonly before: number;
}

const AGAIN_MS = 60_000;
const MOST_ATTEMPTS = 10;
/** With these nobody could be asked to say it: nothing was said. What was begun ends otherwise. */
const UNHEARD: readonly (ErrorCode | undefined)[] = ['unreachable', 'deadline_passed'];

/**
 * Has said what the rules of `announcements.yaml` find worth it; as jobs, so that all of it is in the audit. While Home
 * Assistant is away it is tried again.
 *
 * @returns undefined: there is nobody who could say it
 */
export function ownWords(given: OwnWordsParts): OwnWords | undefined {
  const { announcing, executor, actions, folder, language = 'en', ...parts } = given;
  if (announcing === undefined) return undefined;
  const attempts = new Map<string, Attempt>();
  const cancels = new Set<() => void>();
  const announce = (attempt: Attempt): void => {
    const { input, rules } = attempt;
    const job = executor.submit({ action: 'announce', input, door: 'labkeeper', user: `rule ${rules}` });
    attempts.set(job.id, attempt);
  };
  const again = ({ before, ...rest }: Attempt): void => {
    if (before + 1 >= MOST_ATTEMPTS) return;
    const cancel = parts.clock.after(AGAIN_MS, () => {
      cancels.delete(cancel);
      announce({ ...rest, before: before + 1 });
    });
    cancels.add(cancel);
  };
  const speaking = speakUp({
    ...parts,
    language,
    settings: () => loadAnnouncements(folder),
    announce: (input, rules) => announce({ input, rules, before: 0 }),
    minuteOf: (at) => new Date(at).getHours() * 60 + new Date(at).getMinutes(),
  });
  return {
    onOutcome: ({ type, jobId: id, action, target: where, message, code }) => {
      if (type === 'refused' || id === undefined) return;
      const attempt = attempts.get(id);
      attempts.delete(id);
      if (attempt !== undefined && UNHEARD.includes(code)) again(attempt);
      const { title = action, de } = actions.find((one) => one.id === action) ?? {};
      const target = parts.store.get(where)?.name ?? where;
      speaking.onEnd({ id, type, action, title: { en: title, de: de?.title ?? title }, target, message });
    },
    close: () => {
      speaking.close();
      for (const cancel of cancels) cancel();
    },
  };
}

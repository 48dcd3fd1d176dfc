import type { RuleId } from '../../contract/announcements.ts';
import type { Text } from '../../kinds/rows.ts';

/** Something that is so, of which a rule speaks. */
export interface Fact {
  readonly rule: RuleId;
  /** The same for the same thing as long as it lasts; another one when it happens again. */
  readonly key: string;
  /** It has happened, rather than it is so: under the same key it never happens again. */
  readonly once?: true;
  /** The same for what happens to the same thing again. */
  readonly about: string;
  /** What it is about, for people: hostile as it is. */
  readonly name: string | Text;
}

/** What became of something that somebody asked for. */
export interface JobEnd {
  readonly id: string;
  readonly type: 'succeeded' | 'failed' | 'unknown' | 'cancelled';
  /** Title of the action. */
  readonly title: Text;
  readonly action: string;
  /** Name of what it was done to. */
  readonly target: string;
  /** What went wrong. */
  readonly message: string;
}

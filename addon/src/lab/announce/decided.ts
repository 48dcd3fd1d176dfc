import type { ActionContext } from '../../contract/action.ts';
import type { Announcing, Audience } from '../../contract/announcing.ts';
import { LabError } from '../../core/errors.ts';

/** What an announcement goes by, once it was found out. */
export interface Decided extends Pick<Audience, 'mouths' | 'narrator' | 'silent'> {
  /** When it was asked for, milliseconds since 1970. */
  readonly at: number;
  /** Percent; null: it stays as it is. */
  readonly volume: number | null;
  readonly chime: boolean;
}

/** @throws LabError where Labkeeper cannot ask Home Assistant for anything */
export function announcingOf({
  capabilities,
  target,
}: Pick<ActionContext<unknown>, 'capabilities' | 'target'>): Announcing {
  const announcing = capabilities.for(target.id, 'announcing');
  if (announcing !== undefined) return announcing;
  throw new LabError('target_unsuitable', 'Labkeeper has no way to Home Assistant, which would say it', {
    hint: 'set the options homeassistant.url and homeassistant.token_file',
  });
}

import type { ActionContext } from '../contract/action.ts';
import type { AskNetwork } from '../contract/step.ts';
import { asLabError } from '../core/errors.ts';
import { counts } from '../model/alias.ts';
import { alias } from '../model/resource.ts';

/**
 * Asks every network of the lab, for a system that cannot see what others have. What a network hears is asked for, not
 * looked up: of its clients only those are in the lab that a person wants to see.
 */
export function askNetwork({
  capabilities,
  target,
}: Pick<ActionContext<unknown>, 'capabilities' | 'target'>): AskNetwork {
  return async (macs, signal) => {
    const all = [...(capabilities.for(target.id, 'lab')?.all() ?? [])];
    const asked = all.flatMap(({ id, name, kind }) => {
      const neighbours = kind === 'site' ? capabilities.for(id, 'neighbours') : undefined;
      return neighbours === undefined ? [] : [{ id, name, neighbours }];
    });
    if (asked.length === 0) return undefined;
    for (const { id, name, neighbours } of asked) {
      const address = await neighbours.addressOf(id, macs, signal).catch((thrown: unknown) => {
        // Its controller does not answer at present, which is no reason to give up what it is asked for.
        if (signal.aborted) throw thrown;
        return asLabError(thrown) && null;
      });
      // One that it made up for itself, since nobody gave it one, leads nowhere.
      if (address !== null && counts(alias('ip', address))) return { address, by: name };
    }
    return null;
  };
}

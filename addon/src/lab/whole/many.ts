import type { ActionContext, Step } from '../../contract/action.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { isOn, switchTo } from './switching.ts';
import { checkFresh, heard, keptOf, labOf, listed, resourcesOf } from './view.ts';

/** What became of each, by its id: “done”, “was so already”, “refused: …”, “failed: …”. */
export type Results = Readonly<Record<string, string>>;

const LIFELINE = 'refused: Labkeeper itself needs it';

/** Switches some side by side. What one refuses keeps no other from it, and is told of it alone. */
export function switchStep<I>(on: boolean, name: string, ids: readonly string[]): Step<I> {
  let isHeard: (() => boolean) | undefined;
  return {
    name,
    calls: ids.map((id) => `${on ? 'start' : 'end'} ${id}`),
    run: async (context) => {
      const lab = labOf(context);
      checkFresh(lab, context);
      const found: Record<string, string> = {};
      await Promise.all(
        ids.map(async (id) => {
          found[id] = await switched(context, id, on);
        }),
      );
      const results = { ...(context.kept.results as Results | undefined), ...found };
      context.note({ keep: { results }, result: { results } });
    },
    happened: async (context) => {
      const lab = labOf(context);
      checkFresh(lab, context);
      isHeard ??= heard(lab, ids);
      // Switching again what is so already changes nothing: it is looked at first.
      return isHeard() ? false : undefined;
    },
  };
}

async function switched<I>(context: ActionContext<I>, id: string, on: boolean): Promise<string> {
  const lab = labOf(context);
  const [one] = resourcesOf(lab, [id]);
  if (one === undefined) return 'failed: the lab does not have it any more';
  // It may have moved, and Labkeeper with it.
  if (!on && keptOf(lab)?.includes(id) !== false) return LIFELINE;
  if (isOn(one) === on) return 'was so already';
  try {
    await switchTo(on, one, context.capabilities, context.signal);
    return 'done';
  } catch (thrown) {
    context.signal.throwIfAborted();
    const { message } = asLabError(thrown);
    context.note({ log: `${one.name}: ${message}` });
    return `failed: ${message}`;
  }
}

/** Ends as failed where not all of it could be done; the result tells of each. */
export const verdictStep = <I>(names: Readonly<Record<string, string>>): Step<I> => ({
  name: 'See what could not be switched',
  run: async ({ kept }) => {
    const results = Object.entries((kept.results as Results | undefined) ?? {});
    const left = results.filter(([, result]) => /^(failed|refused)/.test(result)).map(([id]) => id);
    if (left.length === 0) return;
    throw new LabError('source_refused', `${listed(names, left)} could not be switched`, {
      hint: 'the result of the job says of each why',
    });
  },
  happened: async () => false,
});

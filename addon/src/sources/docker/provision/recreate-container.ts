import type { RecreateInput } from '../../../contract/inputs/stacks.ts';
import type { Task } from '../../../contract/provision.ts';
import { LabError } from '../../../core/errors.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { planOf } from '../update/plan.ts';
import type { Bench } from './bench.ts';
import { no, yes } from './checks.ts';
import { nameOf } from './stack-steps.ts';

interface Decided {
  readonly oldId: string;
  readonly name: string;
  readonly parts: readonly string[];
  readonly pull: boolean;
  readonly goBack: boolean;
}

/** Makes a container anew as it was, as an update does it, with its way back. */
export function recreateContainer({
  picture,
  hands,
  outsiders,
  updates,
  protection,
}: Bench): Task<RecreateInput> {
  return {
    prepare: async ({ target, input: { pull = false, go_back: goBack = false }, signal }) => {
      const known = picture.inspects.get(target.id);
      const now = known && (await hands.inspect(known.Id, signal));
      if (known === undefined || now === undefined)
        throw new LabError('target_unknown', `${target.id} is not on the engine at present`);
      const name = nameOf(now);
      const image = await hands.image(now.Config.Image, signal);
      const isSame = image?.Id === now.Image && !pull;
      const guard = isSame || protection !== 'copy' ? 'none' : 'copy';
      const all = [...picture.inspects.values()] as readonly WholeInspect[];
      const { steps, warnings } = planOf(now, all, { protection: guard, goesBack: goBack || isSame });
      const held = outsiders.heldOf(known);
      return {
        decided: {
          ...{ oldId: now.Id, name, pull, goBack },
          parts: steps.filter((step) => pull || !step.startsWith('Pull ')),
        } satisfies Decided,
        checks: [
          held === undefined
            ? yes('Container', `${name} may be made anew`)
            : no('Container', `${name} is not made anew from here: ${held}`, 'do it on its own machine'),
          imageCheck(now.Config.Image, image?.Id, now.Image, pull),
        ],
        warnings: isSame
          ? [`${name} stops for as long as that takes`]
          : [`${name} stops for as long as that takes`, ...warnings],
        fingerprint: JSON.stringify([now.Id, image?.Id, held]),
      };
    },
    steps: ({ decided }) => {
      const { oldId, name, parts, pull, goBack } = decided as unknown as Decided;
      return [
        {
          name: `Make ${name} anew`,
          parts,
          calls: ['POST /containers/create, from what the engine tells of the old one'],
          run: ({ target, signal, note }) =>
            updates.recreate(target.id, { pull, go_back: goBack }, signal, note),
          // It is written down before anything is done, and gone on with by itself.
          happened: async ({ target }) => {
            const last = updates.lastOf(target.id);
            if (last?.units[0]?.oldId !== oldId)
              return isAsBefore(picture.containerId(target.id), oldId, name);
            const became = updates.capability.became(target.id);
            if (became !== false) return became;
            const how =
              last.phase === 'went_back' ? 'the old container runs again' : 'somebody has to decide';
            throw new LabError('source_refused', `${last.reason ?? 'it failed'}; ${how}`);
          },
        },
      ];
    },
  };
}

/** @throws LabError where somebody else has made it anew meanwhile */
function isAsBefore(current: string | undefined, oldId: string, name: string): false | undefined {
  if (current === undefined) return undefined;
  if (current === oldId) return false;
  throw new LabError('target_changed', `${name} was made anew by somebody else meanwhile`);
}

function imageCheck(name: string, found: string | undefined, old: string, pull: boolean) {
  if (pull) return yes('Image', `${name} is pulled first`);
  if (found === undefined) return no('Image', `the engine has no ${name}`, 'ask for it with pull: true');
  return yes(
    'Image',
    found === old ? `${name}, the same as before` : `${name}, which is newer than what runs`,
  );
}

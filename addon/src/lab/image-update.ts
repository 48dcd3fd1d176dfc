import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities, UpdateChoice } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

export const imageUpdate = defineAction({
  id: 'image_update',
  title: 'Update image',
  description:
    'Pulls what the tag of a container’s image points at and makes the container anew from it, as it was otherwise. ' +
    'The old container is kept until the new one is well. A stack is changed from its own file, by Portainer or ' +
    'Compose, where that can be had. Going back to the old image does not take back data.',
  risk: 'provision',
  kinds: ['container', 'stack'],
  input: Type.Object(
    {
      go_back: Type.Optional(
        Type.Boolean({
          description:
            'After a failure, start the old container again even if the new one may have written to its volumes and ' +
            'folders. Left out: then it is kept stopped, until somebody decides. Of a stack whose last update failed ' +
            'that way: have its old images run again now.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  warnings: (context) => updateOf(context).plan(context.target.id, context.input).warnings,
  plan: (context) => [
    {
      name: 'Update',
      parts: updateOf(context).plan(context.target.id, context.input).steps,
      run: (now) => updateOf(now).run(now.target.id, now.input, now.signal, now.note),
      happened: async (now) => updateOf(now).became(now.target.id),
    },
  ],
});

function updateOf({ capabilities, target }: ActionContext<UpdateChoice>): Capabilities['update'] {
  const update = capabilities.for(target.id, 'update');
  if (update !== undefined) return update;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be updated: its system offers no such thing`,
  );
}

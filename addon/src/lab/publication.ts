import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';
import { KINDS, type Kind } from '../kinds/index.ts';

export const bringBack = defineAction({
  id: 'bring_back',
  title: 'Bring back',
  description: 'Publishes a device again that somebody deleted in Home Assistant.',
  risk: 'operate',
  kinds: Object.keys(KINDS) as Kind[],
  input: Type.Object({}, { additionalProperties: false }),
  plan: () => [
    {
      name: 'Publish',
      run: async ({ capabilities, target }) => {
        const publication = capabilities.for(target.id, 'publication');
        if (publication === undefined) {
          throw new LabError('target_unsuitable', `${target.name} is not published to Home Assistant`);
        }
        publication.bringBack(target.id);
      },
    },
  ],
});

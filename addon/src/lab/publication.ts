import Type from 'typebox';
import type { ActionContext } from '../contract/action.ts';
import { defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';
import { KINDS, type Kind } from '../kinds/index.ts';

export const bringBack = defineAction({
  id: 'bring_back',
  title: 'Bring back',
  description: 'Publishes a device again that somebody deleted in Home Assistant.',
  de: {
    title: 'Zurückholen',
    description: 'Veröffentlicht ein Gerät wieder, das jemand in Home Assistant gelöscht hat.',
  },
  risk: 'operate',
  kinds: Object.keys(KINDS) as Kind[],
  input: Type.Object({}, { additionalProperties: false }),
  plan: (context) => {
    const { id, name } = context.target;
    if (!publicationOf(context).isDeleted(id)) {
      throw new LabError('target_unsuitable', `the device of ${name} was not deleted in Home Assistant`, {
        hint: 'nothing has to be brought back; if it does not show, look at the options “include” and “exclude”',
      });
    }
    return [{ name: 'Publish', run: async (now) => publicationOf(now).bringBack(id) }];
  },
});

function publicationOf({ capabilities, target }: ActionContext<unknown>): Capabilities['publication'] {
  const publication = capabilities.for(target.id, 'publication');
  if (publication !== undefined) return publication;
  throw new LabError('target_unsuitable', `${target.name} is not published to Home Assistant`);
}

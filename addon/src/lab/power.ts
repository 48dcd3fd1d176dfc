import Type from 'typebox';
import type { ActionContext } from '../contract/action.ts';
import { defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

export const setPower = defineAction({
  id: 'set_power',
  title: 'Set power',
  description: 'Starts something, or ends it gracefully.',
  de: { title: 'Ein- oder ausschalten', description: 'Startet etwas oder beendet es geordnet.' },
  risk: 'operate',
  kinds: ['container', 'guest', 'stack'],
  input: Type.Object(
    {
      power: Type.Enum(['on', 'off'], {
        ...{ title: 'Power', description: 'On or off.' },
        de: { title: 'Betrieb', description: 'Ein oder aus.' },
      }),
    },
    { additionalProperties: false },
  ),
  interrupts: ({ power }) => power === 'off',
  plan: ({ input }) => [
    input.power === 'on'
      ? {
          name: 'Start',
          run: (context) => powerOf(context).start(context.target.id, context.signal, context.note),
          happened: (context) => hasPower(context, true),
        }
      : {
          name: 'Stop',
          run: (context) => powerOf(context).stop(context.target.id, context.signal, context.note),
          happened: (context) => hasPower(context, false),
        },
  ],
});

export const restart = defineAction({
  id: 'restart',
  title: 'Restart',
  description: 'Ends something gracefully and starts it again.',
  de: { title: 'Neu starten', description: 'Beendet etwas geordnet und startet es wieder.' },
  risk: 'operate',
  kinds: ['container', 'guest', 'stack'],
  input: Type.Object({}, { additionalProperties: false }),
  interrupts: () => true,
  plan: () => [
    {
      name: 'Restart',
      run: (context) => powerOf(context).restart(context.target.id, context.signal, context.note),
    },
  ],
});

/** Never false: what is on may be about to end. */
async function hasPower({ target }: ActionContext<unknown>, wished: boolean): Promise<true | undefined> {
  return 'on' in target.readings && target.readings.on === wished ? true : undefined;
}

function powerOf({ capabilities, target }: ActionContext<unknown>): Capabilities['power'] {
  const power = capabilities.for(target.id, 'power');
  if (power !== undefined) return power;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be switched: its system offers no power control`,
  );
}

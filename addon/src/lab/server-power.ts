import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });

export const serverOn = defineAction({
  id: 'server_on',
  title: 'Switch server on',
  description: 'Has its management controller switch a server on.',
  de: {
    title: 'Server einschalten',
    description: 'Lässt den Management-Controller einen Server einschalten.',
  },
  risk: 'operate',
  kinds: ['server'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Switch on',
      run: (context) => serverOf(context).switchOn(context.target.id, context.signal),
      happened: (context) => isOn(context, true),
    },
  ],
});

export const serverShutdown = defineAction({
  id: 'server_shutdown',
  title: 'Shut server down',
  description: 'Has the system on a server end by itself, and everything that runs there with it.',
  de: {
    title: 'Server herunterfahren',
    description: 'Lässt das System eines Servers von selbst enden, und alles, was dort läuft, mit ihm.',
  },
  risk: 'disrupt',
  kinds: ['server'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Shut down',
      run: (context) => serverOf(context).shutDown(context.target.id, context.signal),
      happened: (context) => isOn(context, false),
    },
  ],
});

export const serverForceOff = defineAction({
  id: 'server_force_off',
  title: 'Force server off',
  description: 'Takes the power from a server at once. What was not written to disk yet is lost.',
  de: {
    title: 'Server hart ausschalten',
    description: 'Nimmt einem Server sofort den Strom. Was noch nicht auf der Platte steht, ist verloren.',
  },
  risk: 'destroy',
  kinds: ['server'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Force off',
      run: (context) => serverOf(context).forceOff(context.target.id, context.signal),
      happened: (context) => isOn(context, false),
    },
  ],
});

export const identifyLight = defineAction({
  id: 'identify_light',
  title: 'Identify light',
  description: 'Switches the light on or off that shows which machine in the rack it is.',
  de: {
    title: 'Kennlicht schalten',
    description: 'Schaltet das Licht ein oder aus, das zeigt, welche Maschine im Rack es ist.',
  },
  risk: 'operate',
  kinds: ['server'],
  input: Type.Object(
    {
      light: Type.Enum(['on', 'off'], {
        ...{ title: 'Light', description: 'On or off.' },
        de: { title: 'Licht', description: 'Ein oder aus.' },
      }),
    },
    { additionalProperties: false },
  ),
  plan: ({ input }) => [
    {
      name: input.light === 'on' ? 'Light on' : 'Light off',
      run: (context) => serverOf(context).identify(context.target.id, input.light === 'on', context.signal),
      happened: async ({ target }) =>
        target.kind === 'server' && target.readings.identify === (input.light === 'on') ? true : undefined,
    },
  ],
});

/** Never false: what is on may be about to end. */
async function isOn({ target }: ActionContext<unknown>, wished: boolean): Promise<true | undefined> {
  return target.kind === 'server' && target.readings.on === wished ? true : undefined;
}

function serverOf({ capabilities, target }: ActionContext<unknown>): Capabilities['server'] {
  const server = capabilities.for(target.id, 'server');
  if (server !== undefined) return server;
  throw new LabError('target_unsuitable', `${target.name} is not looked after by a management controller`);
}

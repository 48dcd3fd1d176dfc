import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });

export const containerPause = defineAction({
  id: 'container_pause',
  title: 'Pause container',
  description: 'Has a container stand still; it keeps its memory, and goes on where it was.',
  de: {
    title: 'Container anhalten',
    description: 'Lässt einen Container stillstehen; er behält seinen Speicher und macht weiter, wo er war.',
  },
  risk: 'operate',
  kinds: ['container'],
  input: NOTHING,
  interrupts: () => true,
  plan: () => [
    {
      name: 'Pause',
      run: (context) => containerOf(context).pause(context.target.id, context.signal),
      happened: (context) => isNow(context, 'paused'),
    },
  ],
});

export const containerResume = defineAction({
  id: 'container_resume',
  title: 'Resume container',
  description: 'Has a container go on that was paused.',
  de: { title: 'Container fortsetzen', description: 'Lässt einen angehaltenen Container weiterlaufen.' },
  risk: 'operate',
  kinds: ['container'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Resume',
      run: (context) => containerOf(context).resume(context.target.id, context.signal),
      happened: (context) => isNow(context, 'running'),
    },
  ],
});

export const containerKill = defineAction({
  id: 'container_kill',
  title: 'Kill container',
  description: 'Ends a container at once, without letting it finish. What it has not written is lost.',
  de: {
    title: 'Container hart beenden',
    description:
      'Beendet einen Container sofort, ohne ihn fertig werden zu lassen. Was er noch nicht geschrieben hat, ist ' +
      'verloren.',
  },
  risk: 'disrupt',
  kinds: ['container'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Kill',
      run: (context) => containerOf(context).kill(context.target.id, context.signal),
      happened: (context) => isNow(context, 'exited'),
    },
  ],
});

/** Never false: it may be about to happen. */
async function isNow({ target }: ActionContext<unknown>, state: string): Promise<true | undefined> {
  return target.kind === 'container' && target.readings.state === state ? true : undefined;
}

function containerOf({ capabilities, target }: ActionContext<unknown>): Capabilities['container'] {
  const container = capabilities.for(target.id, 'container');
  if (container !== undefined) return container;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be commanded: its system offers no such thing`,
  );
}

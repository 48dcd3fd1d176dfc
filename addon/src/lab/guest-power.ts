import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });

export const guestSuspend = defineAction({
  id: 'guest_suspend',
  title: 'Suspend guest',
  description: 'Has a virtual machine stand still; it keeps its memory, and goes on where it was.',
  de: {
    title: 'Gast anhalten',
    description:
      'Lässt eine virtuelle Maschine stillstehen; sie behält ihren Speicher und macht weiter, wo sie war.',
  },
  risk: 'operate',
  kinds: ['guest'],
  input: NOTHING,
  interrupts: () => true,
  plan: () => [
    {
      name: 'Suspend',
      run: (context) => guestOf(context).suspend(context.target.id, context.signal, context.note),
      happened: (context) => isNow(context, 'paused'),
    },
  ],
});

export const guestHibernate = defineAction({
  id: 'guest_hibernate',
  title: 'Hibernate guest',
  description:
    'Keeps the memory of a virtual machine on disk and ends it; when it is started, it goes on where it was.',
  de: {
    title: 'Gast in den Ruhezustand versetzen',
    description:
      'Legt den Speicher einer virtuellen Maschine auf die Platte und beendet sie; beim nächsten Start macht sie ' +
      'weiter, wo sie war.',
  },
  risk: 'operate',
  kinds: ['guest'],
  input: NOTHING,
  interrupts: () => true,
  plan: () => [
    {
      name: 'Hibernate',
      run: (context) => guestOf(context).hibernate(context.target.id, context.signal, context.note),
      happened: (context) => isNow(context, 'suspended'),
    },
  ],
});

export const guestResume = defineAction({
  id: 'guest_resume',
  title: 'Resume guest',
  description: 'Has a virtual machine go on that was suspended.',
  de: { title: 'Gast fortsetzen', description: 'Lässt eine angehaltene virtuelle Maschine weiterlaufen.' },
  risk: 'operate',
  kinds: ['guest'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Resume',
      run: (context) => guestOf(context).resume(context.target.id, context.signal, context.note),
      happened: (context) => isNow(context, 'running'),
    },
  ],
});

export const guestForceStop = defineAction({
  id: 'guest_force_stop',
  title: 'Force guest off',
  description: 'Cuts a guest off, as if its power were gone. What it has not written to disk is lost.',
  de: {
    title: 'Gast hart ausschalten',
    description:
      'Schneidet einen Gast ab, als wäre sein Strom weg. Was er noch nicht auf die Platte geschrieben hat, ist ' +
      'verloren.',
  },
  risk: 'disrupt',
  kinds: ['guest'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Force off',
      run: (context) => guestOf(context).forceStop(context.target.id, context.signal, context.note),
      happened: (context) => isNow(context, 'stopped'),
    },
  ],
});

export const guestReset = defineAction({
  id: 'guest_reset',
  title: 'Reset guest',
  description: 'Presses a virtual machine’s reset button. What it has not written to disk is lost.',
  de: {
    title: 'Gast zurücksetzen (Reset)',
    description:
      'Drückt die Reset-Taste einer virtuellen Maschine. Was sie noch nicht auf die Platte geschrieben hat, ist ' +
      'verloren.',
  },
  risk: 'disrupt',
  kinds: ['guest'],
  input: NOTHING,
  plan: () => [
    {
      name: 'Reset',
      run: (context) => guestOf(context).reset(context.target.id, context.signal, context.note),
    },
  ],
});

/** Never false: it may be about to happen. */
async function isNow({ target }: ActionContext<unknown>, state: string): Promise<true | undefined> {
  return target.kind === 'guest' && target.readings.state === state ? true : undefined;
}

function guestOf({ capabilities, target }: ActionContext<unknown>): Capabilities['guest'] {
  const guest = capabilities.for(target.id, 'guest');
  if (guest !== undefined) return guest;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be commanded: its system offers no such thing`,
  );
}

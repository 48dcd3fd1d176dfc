import Type from 'typebox';
import { type ActionContext, defineAction, type Step } from '../contract/action.ts';
import type { NodeGuest } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';
import { nodeOf } from './node-power.ts';

type Plain = Record<string, never>;

export const nodeMaintenance = defineAction({
  id: 'node_maintenance',
  title: 'Maintenance',
  description:
    'Empties a node and reboots it: guests that can be moved to another node are moved, the others are shut down and ' +
    'started again afterwards. Those that were moved stay where they are.',
  de: {
    title: 'Wartung',
    description:
      'Leert einen Knoten und startet ihn neu: Gäste, die umziehen können, ziehen um, die anderen werden ' +
      'heruntergefahren und danach wieder gestartet. Wer umgezogen ist, bleibt dort.',
  },
  risk: 'disrupt',
  kinds: ['node'],
  input: Type.Object({}, { additionalProperties: false }),
  plan: (context) => {
    const guests = nodeOf(context)
      .guests(context.target.id)
      .filter(({ isRunning }) => isRunning);
    const left = guests.filter(({ isManaged }) => !isManaged);
    return [
      ...guests.map(leave),
      { name: 'Reboot', run: (now) => nodeOf(now).reboot(now.target.id, now.signal) },
      ...(left.length > 0 ? [startAgain(left)] : []),
    ];
  },
});

/** Moves a guest away, or ends it. One that high availability keeps here is ended by it when the node goes down. */
const leave = ({ id, name, isManaged }: NodeGuest): Step<Plain> => ({
  name: `Move or stop ${name}`,
  run: async (context) => {
    const { capabilities, signal, note } = context;
    if ((await nodeOf(context).moveAway(id, signal, note)) || isManaged) return;
    const power = capabilities.for(id, 'power');
    if (power === undefined) throw new LabError('target_unsuitable', `${name} cannot be switched off`);
    await power.stop(id, signal, note);
  },
  happened: async (context) => (runsHere(context, id) ? undefined : true),
});

/** Those that start with the node may run already. */
const startAgain = (guests: readonly NodeGuest[]): Step<Plain> => ({
  name: 'Start again what was stopped',
  run: async (context) => {
    const { target, signal, note } = context;
    const here = new Set(
      nodeOf(context)
        .guests(target.id)
        .map(({ id }) => id),
    );
    const stopped = guests.map(({ id }) => id).filter((id) => here.has(id));
    if (stopped.length > 0) await nodeOf(context).startAll(target.id, signal, note, stopped);
  },
});

const runsHere = (context: ActionContext<Plain>, guest: string): boolean =>
  nodeOf(context)
    .guests(context.target.id)
    .some(({ id, isRunning }) => id === guest && isRunning);

import Type from 'typebox';
import { type ActionContext, defineAction, type Step } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });

type Plain = Record<string, never>;

export const nodeStartAll = defineAction({
  id: 'node_start_all',
  title: 'Start all guests',
  description: 'Starts the guests of a node that are set to start with it, in their order.',
  de: {
    title: 'Alle Gäste starten',
    description: 'Startet die Gäste eines Knotens, die mit ihm starten sollen, in ihrer Reihenfolge.',
  },
  risk: 'operate',
  kinds: ['node'],
  input: NOTHING,
  plan: () => [
    one('Start all', (context) => nodeOf(context).startAll(context.target.id, context.signal, context.note)),
  ],
});

export const nodeWake = defineAction({
  id: 'node_wake',
  title: 'Wake node',
  description: 'Has another node of the cluster switch a node on over the network (wake-on-LAN).',
  de: {
    title: 'Knoten wecken',
    description:
      'Lässt einen anderen Knoten des Clusters einen Knoten über das Netz einschalten (Wake-on-LAN).',
  },
  risk: 'operate',
  kinds: ['node'],
  input: NOTHING,
  plan: ({ target }) => {
    const peers = target.kind === 'node' ? (target.readings.peers ?? 0) : 0;
    if (peers === 0) {
      throw new LabError(
        'target_unsuitable',
        `no other node of its cluster runs that could wake ${target.name}`,
        {
          hint: 'switch it on by its management controller, or by its button',
        },
      );
    }
    const wake = one('Wake', (context) => nodeOf(context).wake(context.target.id, context.signal));
    return [{ ...wake, happened: async (context) => context.target.available || undefined }];
  },
});

export const nodeStopAll = defineAction({
  id: 'node_stop_all',
  title: 'Stop all guests',
  description: 'Ends all guests of a node; who has not ended after three minutes is cut off.',
  de: {
    title: 'Alle Gäste beenden',
    description: 'Beendet alle Gäste eines Knotens; wer nach drei Minuten noch läuft, wird hart beendet.',
  },
  risk: 'disrupt',
  kinds: ['node'],
  input: NOTHING,
  plan: () => [
    {
      ...one('Stop all', (context) =>
        nodeOf(context).stopAll(context.target.id, context.signal, context.note),
      ),
      // Never false: they may be about to end.
      happened: async (context) =>
        nodeOf(context)
          .guests(context.target.id)
          .every(({ isRunning }) => !isRunning) || undefined,
    },
  ],
});

export const nodeReboot = defineAction({
  id: 'node_reboot',
  title: 'Reboot node',
  description: 'Ends all guests of a node and starts it anew. Guests that start with it come back.',
  de: {
    title: 'Knoten neu starten',
    description:
      'Beendet alle Gäste eines Knotens und startet ihn neu. Gäste, die mit ihm starten, kommen wieder.',
  },
  risk: 'disrupt',
  kinds: ['node'],
  input: NOTHING,
  plan: () => [one('Reboot', (context) => nodeOf(context).reboot(context.target.id, context.signal))],
});

export const nodeShutdown = defineAction({
  id: 'node_shutdown',
  title: 'Shut node down',
  description: 'Ends all guests of a node and switches it off.',
  de: {
    title: 'Knoten herunterfahren',
    description: 'Beendet alle Gäste eines Knotens und schaltet ihn aus.',
  },
  risk: 'disrupt',
  kinds: ['node'],
  input: NOTHING,
  plan: () => [one('Shut down', (context) => nodeOf(context).shutDown(context.target.id, context.signal))],
});

const one = (name: string, run: Step<Plain>['run']): Step<Plain> => ({ name, run });

/** What can be done to the node that an action is for. @throws LabError `target_unsuitable` */
export function nodeOf({
  capabilities,
  target,
}: Pick<ActionContext<unknown>, 'capabilities' | 'target'>): Capabilities['node'] {
  const node = capabilities.for(target.id, 'node');
  if (node !== undefined) return node;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be commanded: its system offers no such thing`,
  );
}

import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import { networkOf, PORT, WISH } from './network-parts.ts';

export const networkRestart = defineAction({
  id: 'network_restart',
  title: 'Restart network device',
  description: 'Restarts a gateway, switch or access point. What hangs on it is cut off until it is back.',
  de: {
    title: 'Netzwerkgerät neu starten',
    description:
      'Startet ein Gateway, einen Switch oder einen Access Point neu. Was daran hängt, ist bis dahin abgeschnitten.',
  },
  risk: 'disrupt',
  kinds: ['gateway', 'switch', 'accesspoint'],
  input: Type.Object({}, { additionalProperties: false }),
  plan: () => [
    {
      name: 'Restart',
      run: (context) => networkOf(context).restart(context.target.id, context.signal),
    },
  ],
});

export const poeCycle = defineAction({
  id: 'poe_cycle',
  title: 'Power-cycle port',
  description: 'Takes the power (PoE) from a port for a moment, so that what hangs there starts again.',
  de: {
    title: 'Port stromlos machen',
    description: 'Nimmt einem Port kurz den Strom (PoE), sodass neu startet, was daran hängt.',
  },
  risk: 'operate',
  kinds: ['gateway', 'switch'],
  input: Type.Object({ item: PORT }, { additionalProperties: false }),
  interrupts: () => true,
  plan: ({ input }) => [
    {
      name: 'Power-cycle',
      run: (context) => networkOf(context).cyclePort(context.target.id, input.item, context.signal),
    },
  ],
});

export const setPoe = defineAction({
  id: 'set_poe',
  title: 'Set PoE',
  description: 'Gives power (PoE) to a port, or takes it away.',
  de: { title: 'PoE schalten', description: 'Gibt einem Port Strom (PoE) oder nimmt ihn weg.' },
  risk: 'operate',
  kinds: ['gateway', 'switch'],
  input: Type.Object({ item: PORT, poe: WISH }, { additionalProperties: false }),
  interrupts: ({ poe }) => poe === 'off',
  plan: ({ input: { item, poe } }) => [
    {
      name: poe === 'on' ? 'Power on' : 'Power off',
      run: (context) => networkOf(context).setPoe(context.target.id, item, poe === 'on', context.signal),
    },
  ],
});

export const setWlan = defineAction({
  id: 'set_wlan',
  title: 'Set WLAN',
  description: 'Sends a wireless network, or does not. Access points are without clients for some seconds.',
  de: {
    title: 'WLAN schalten',
    description: 'Sendet ein WLAN oder nicht. Access Points sind einige Sekunden ohne Clients.',
  },
  risk: 'operate',
  kinds: ['wlan'],
  input: Type.Object({ wlan: WISH }, { additionalProperties: false }),
  plan: ({ input: { wlan } }) => [
    {
      name: wlan === 'on' ? 'WLAN on' : 'WLAN off',
      run: (context) => networkOf(context).setWlan(context.target.id, wlan === 'on', context.signal),
    },
  ],
});

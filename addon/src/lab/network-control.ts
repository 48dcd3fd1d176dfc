import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

const PORT = Type.String({ pattern: '^port_[0-9]{1,3}$', description: 'key of the port, as in port_5' });
const WISH = Type.Enum(['on', 'off']);

export const networkRestart = defineAction({
  id: 'network_restart',
  title: 'Restart network device',
  description: 'Restarts a gateway, switch or access point. What hangs on it is cut off until it is back.',
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
  risk: 'operate',
  kinds: ['gateway', 'switch'],
  input: Type.Object({ item: PORT, poe: WISH }, { additionalProperties: false }),
  interrupts: ({ poe }) => poe === 'off',
  plan: ({ input: { item, poe } }) => [
    {
      name: poe === 'on' ? 'Power on' : 'Power off',
      run: (context) => networkOf(context).setPoe(context.target.id, item, poe === 'on', context.signal),
      happened: async ({ target }) => (portOf(target, item)?.poe === (poe === 'on') ? true : undefined),
    },
  ],
});

export const setPort = defineAction({
  id: 'set_port',
  title: 'Set port',
  description:
    'Switches a port of a switch off, or on again as it was before. One that was switched off elsewhere is switched ' +
    'on there, since nobody here knows how it was.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object({ item: PORT, port: WISH }, { additionalProperties: false }),
  plan: ({ input: { item, port } }) => [
    {
      name: port === 'on' ? 'Port on' : 'Port off',
      run: (context) => networkOf(context).setPort(context.target.id, item, port === 'on', context.signal),
      happened: async ({ target }) => (portOf(target, item)?.enabled === (port === 'on') ? true : undefined),
    },
  ],
});

export const setPortProfile = defineAction({
  id: 'set_port_profile',
  title: 'Set port profile',
  description:
    'Gives a port of a switch another profile of the controller, and so other VLANs. What else is set for it stays. It ' +
    'is taken back if the switch does not get there.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object(
    {
      item: PORT,
      profile: Type.String({ minLength: 1, description: 'name of the profile, as the port shows it' }),
    },
    { additionalProperties: false },
  ),
  plan: ({ input: { item, profile } }) => [
    {
      name: `Profile “${profile}”`,
      run: (context) => networkOf(context).setProfile(context.target.id, item, profile, context.signal),
      happened: async ({ target }) => (portOf(target, item)?.profile === profile ? true : undefined),
    },
  ],
});

export const setWlan = defineAction({
  id: 'set_wlan',
  title: 'Set WLAN',
  description: 'Sends a wireless network, or does not. Access points are without clients for some seconds.',
  risk: 'operate',
  kinds: ['wlan'],
  input: Type.Object({ wlan: WISH }, { additionalProperties: false }),
  plan: ({ input: { wlan } }) => [
    {
      name: wlan === 'on' ? 'WLAN on' : 'WLAN off',
      run: (context) => networkOf(context).setWlan(context.target.id, wlan === 'on', context.signal),
      happened: async ({ target }) =>
        target.kind === 'wlan' && target.readings.on === (wlan === 'on') ? true : undefined,
    },
  ],
});

function portOf({ readings }: ActionContext<unknown>['target'], key: string) {
  const { uplinks = [], ports = [] } = readings as {
    readonly uplinks?: readonly PortState[];
    readonly ports?: readonly PortState[];
  };
  return [...uplinks, ...ports].find((port) => port.key === key);
}

interface PortState {
  readonly key: string;
  readonly poe?: boolean | null;
  readonly enabled?: boolean | null;
  readonly profile?: string | null;
}

function networkOf({ capabilities, target }: ActionContext<unknown>): Capabilities['network'] {
  const network = capabilities.for(target.id, 'network');
  if (network !== undefined) return network;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be changed: its controller offers no control`,
  );
}

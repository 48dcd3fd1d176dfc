import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import { networkOf, PORT, portOf, portSeen, WISH } from './network-parts.ts';

export const setPort = defineAction({
  id: 'set_port',
  title: 'Set port',
  description:
    'Switches a port of a switch off, or on again as it was before. One that was switched off elsewhere is switched ' +
    'on there, since nobody here knows how it was.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object({ item: PORT, port: WISH }, { additionalProperties: false }),
  plan: ({ target, input: { item, port } }) => {
    const seen = portSeen(target, item);
    return [
      {
        name: port === 'on' ? 'Port on' : 'Port off',
        run: (context) =>
          networkOf(context).setPort(context.target.id, item, port === 'on', context.signal, seen),
        happened: async ({ target }) =>
          portOf(target, item)?.enabled === (port === 'on') ? true : undefined,
      },
    ];
  },
});

export const setPortProfile = defineAction({
  id: 'set_port_profile',
  title: 'Set port profile',
  description:
    'Gives a port of a switch another profile of the controller, and so other VLANs. What else is set for it stays. It ' +
    'is taken back if the switch does not get there, or a system does not answer any more.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object(
    {
      item: PORT,
      profile: Type.String({ minLength: 1, description: 'name of the profile, as the port shows it' }),
    },
    { additionalProperties: false },
  ),
  plan: ({ target, input: { item, profile } }) => {
    const seen = portSeen(target, item);
    return [
      {
        name: `Profile “${profile}”`,
        run: (context) =>
          networkOf(context).setProfile(context.target.id, item, profile, context.signal, seen),
        happened: async ({ target }) => (portOf(target, item)?.profile === profile ? true : undefined),
      },
    ];
  },
});

export const setPortVlan = defineAction({
  id: 'set_port_vlan',
  title: 'Set port VLAN',
  description:
    'Puts a port of a switch into one network alone, by its VLAN: what comes without one is in that network, and no ' +
    'other VLAN passes. What else is set for the port stays. It is taken back if the switch does not get there, or a ' +
    'system does not answer any more.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object(
    {
      item: PORT,
      vlan: Type.Integer({
        minimum: 1,
        maximum: 4094,
        description: 'of a network that the controller has; 1: the one without',
      }),
    },
    { additionalProperties: false },
  ),
  plan: ({ target, input: { item, vlan } }) => {
    const seen = portSeen(target, item);
    return [
      {
        name: `VLAN ${vlan}`,
        run: (context) => networkOf(context).setVlan(context.target.id, item, vlan, context.signal, seen),
        happened: async ({ target: now }) => (portOf(now, item)?.vlan === vlan ? true : undefined),
      },
    ];
  },
});

import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import type { PortSeen } from '../contract/capabilities.ts';
import { networkOf, PORT, preparePort, seenIn, WISH } from './network-parts.ts';

export const setPort = defineAction({
  id: 'set_port',
  title: 'Set port',
  description:
    'Switches a port of a switch off, or on again as it was before. One that was switched off elsewhere is switched ' +
    'on there, since nobody here knows how it was.',
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object({ item: PORT, port: WISH }, { additionalProperties: false }),
  prepare: preparePort,
  plan: ({ input: { item, port } }) => [
    {
      name: port === 'on' ? 'Port on' : 'Port off',
      run: (context) => {
        const { target, signal } = context;
        return networkOf(context).setPort(target.id, item, port === 'on', signal, seenIn<PortSeen>(context));
      },
    },
  ],
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
  prepare: preparePort,
  plan: ({ input: { item, profile } }) => [
    {
      name: `Profile “${profile}”`,
      run: (context) => {
        const { target, signal } = context;
        return networkOf(context).setProfile(target.id, item, profile, signal, seenIn<PortSeen>(context));
      },
    },
  ],
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
  prepare: preparePort,
  plan: ({ input: { item, vlan } }) => [
    {
      name: `VLAN ${vlan}`,
      run: (context) => {
        const { target, signal } = context;
        return networkOf(context).setVlan(target.id, item, vlan, signal, seenIn<PortSeen>(context));
      },
    },
  ],
});

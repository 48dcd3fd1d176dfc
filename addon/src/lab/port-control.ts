import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import type { PortSeen } from '../contract/network.ts';
import { networkOf, PORT, preparePort, seenIn, WISH } from './network-parts.ts';

export const setPort = defineAction({
  id: 'set_port',
  title: 'Set port',
  description:
    'Switches a port of a switch off, or on again as it was before. One that was switched off elsewhere is switched ' +
    'on there, since nobody here knows how it was.',
  de: {
    title: 'Port schalten',
    description:
      'Schaltet einen Port eines Switches aus, oder wieder ein, wie er zuvor war. Einer, der anderswo ' +
      'ausgeschaltet wurde, wird dort eingeschaltet, denn hier weiß niemand, wie er war.',
  },
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
  de: {
    title: 'Port-Profil setzen',
    description:
      'Gibt einem Port eines Switches ein anderes Profil des Controllers und damit andere VLANs. Was sonst für ' +
      'ihn eingestellt ist, bleibt. Es wird zurückgenommen, wenn der Switch nicht dorthin kommt oder ein System ' +
      'nicht mehr antwortet.',
  },
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object(
    {
      item: PORT,
      profile: Type.String({
        ...{ minLength: 1, title: 'Profile', description: 'Name of the profile, as the port shows it.' },
        de: { title: 'Profil', description: 'Name des Profils, wie der Port es zeigt.' },
      }),
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
  de: {
    title: 'Port-VLAN setzen',
    description:
      'Legt einen Port eines Switches in genau ein Netz, nach dessen VLAN: Was ohne VLAN kommt, ist in diesem ' +
      'Netz, und kein anderes VLAN kommt durch. Was sonst für den Port eingestellt ist, bleibt. Es wird ' +
      'zurückgenommen, wenn der Switch nicht dorthin kommt oder ein System nicht mehr antwortet.',
  },
  risk: 'provision',
  kinds: ['switch'],
  input: Type.Object(
    {
      item: PORT,
      vlan: Type.Integer({
        minimum: 1,
        ...{ maximum: 4094, title: 'VLAN' },
        description: 'Of a network that the controller has; 1: the one without.',
        de: { title: 'VLAN', description: 'Eines Netzes, das der Controller hat; 1: das ohne.' },
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

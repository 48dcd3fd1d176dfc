import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import type { NetworkSeen } from '../contract/capabilities.ts';
import { bound, networkOf, seenIn } from './network-parts.ts';

const ADDRESS = '^[0-9]{1,3}([.][0-9]{1,3}){3}$';

export const createNetwork = defineAction({
  id: 'create_network',
  title: 'Create network',
  description:
    'Makes a network with a VLAN of its own. With a subnet the gateway leads out of it and gives out addresses; without ' +
    'one it is for switches alone. It is taken back if the devices do not get there, or a system does not answer any more.',
  risk: 'provision',
  kinds: ['site'],
  input: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 64, description: 'for people' }),
      // Those above are kept by newer gateways for themselves.
      vlan: Type.Integer({ minimum: 2, maximum: 4009 }),
      subnet: Type.Optional(
        Type.String({
          pattern: ADDRESS.replace('$', '/[0-9]{1,2}$'),
          description: 'address of the gateway in it, with the length of the prefix, as in 192.168.70.1/24',
        }),
      ),
      dhcp: Type.Optional(
        Type.Enum(['on', 'off'], { description: 'whether addresses are given out; left out: on' }),
      ),
      dhcp_start: Type.Optional(
        Type.String({
          pattern: ADDRESS,
          description: 'the first that is given out; left out: all but a few are',
        }),
      ),
      dhcp_stop: Type.Optional(Type.String({ pattern: ADDRESS, description: 'the last one' })),
    },
    { additionalProperties: false },
  ),
  warnings: () => [
    'newer controllers leave a new network out of every port and profile whose tagged VLANs somebody chose one by one',
  ],
  plan: ({ input: { dhcp, ...wish } }) => [
    {
      name: `Create “${wish.name}” (VLAN ${wish.vlan})`,
      run: (context) =>
        networkOf(context).createNetwork(
          context.target.id,
          { ...wish, ...(dhcp !== undefined && { dhcp: dhcp === 'on' }) },
          context.signal,
        ),
    },
  ],
});

export const deleteNetwork = defineAction({
  id: 'delete_network',
  title: 'Delete network',
  description:
    'Deletes a network with a VLAN that nothing uses: no client, no WLAN, no port. It is made again if the devices do ' +
    'not get there, or a system does not answer any more.',
  risk: 'destroy',
  kinds: ['network'],
  input: Type.Object({}, { additionalProperties: false }),
  prepare: async ({ target }) => {
    const { subnet } = target.readings as { readonly subnet?: string | null };
    return bound({ name: target.name, ...(subnet != null && { subnet }) } satisfies NetworkSeen);
  },
  plan: ({ target }) => [
    {
      name: `Delete “${target.name}”`,
      run: (context) =>
        networkOf(context).deleteNetwork(context.target.id, context.signal, seenIn<NetworkSeen>(context)),
    },
  ],
});

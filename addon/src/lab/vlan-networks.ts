import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import type { NetworkSeen } from '../contract/network.ts';
import { bound, networkOf, seenIn } from './network-parts.ts';

const ADDRESS = '^[0-9]{1,3}([.][0-9]{1,3}){3}$';

export const createNetwork = defineAction({
  id: 'create_network',
  title: 'Create network',
  description:
    'Makes a network with a VLAN of its own. With a subnet the gateway leads out of it and gives out addresses; without ' +
    'one it is for switches alone. It is taken back if the devices do not get there, or a system does not answer ' +
    'any more.',
  de: {
    title: 'Netz anlegen',
    description:
      'Legt ein Netz mit eigenem VLAN an. Mit einem Subnetz führt das Gateway hinaus und vergibt Adressen; ohne ' +
      'ist es nur für Switches. Es wird zurückgenommen, wenn die Geräte nicht dorthin kommen oder ein System ' +
      'nicht mehr antwortet.',
  },
  risk: 'provision',
  kinds: ['site'],
  input: Type.Object(
    {
      name: Type.String({
        ...{ minLength: 1, maxLength: 64, title: 'Name', description: 'For people.' },
        de: { title: 'Name', description: 'Für Menschen.' },
      }),
      // Those above are kept by newer gateways for themselves.
      vlan: Type.Integer({
        ...{ minimum: 2, maximum: 4009, title: 'VLAN', description: 'Its VLAN id.' },
        de: { title: 'VLAN', description: 'Seine VLAN-ID.' },
      }),
      subnet: Type.Optional(
        Type.String({
          pattern: ADDRESS.replace('$', '/[0-9]{1,2}$'),
          ...{ examples: ['192.168.70.1/24'], title: 'Subnet' },
          description: 'Address of the gateway in it, with the length of the prefix, as in 192.168.70.1/24.',
          de: {
            title: 'Subnetz',
            description: 'Adresse des Gateways darin, mit der Länge des Präfixes, etwa 192.168.70.1/24.',
          },
        }),
      ),
      dhcp: Type.Optional(
        Type.Enum(['on', 'off'], {
          ...{ title: 'DHCP', description: 'Whether addresses are given out. Left out: on.' },
          de: { title: 'DHCP', description: 'Ob Adressen vergeben werden. Ohne Angabe: ja.' },
        }),
      ),
      dhcp_start: Type.Optional(
        Type.String({
          pattern: ADDRESS,
          title: 'First address',
          description: 'The first that is given out. Left out: all but a few are.',
          de: {
            title: 'Erste Adresse',
            description: 'Die erste, die vergeben wird. Ohne Angabe: fast alle.',
          },
        }),
      ),
      dhcp_stop: Type.Optional(
        Type.String({
          ...{ pattern: ADDRESS, title: 'Last address', description: 'The last that is given out.' },
          de: { title: 'Letzte Adresse', description: 'Die letzte, die vergeben wird.' },
        }),
      ),
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
  de: {
    title: 'Netz löschen',
    description:
      'Löscht ein Netz mit VLAN, das nichts benutzt: kein Client, kein WLAN, kein Port. Es wird wieder angelegt, ' +
      'wenn die Geräte nicht dorthin kommen oder ein System nicht mehr antwortet.',
  },
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

import Type from 'typebox';
import { defineKind } from './rows.ts';
import { integer, number, text } from './schema.ts';

const diagnostic = { platform: 'sensor', topic: 'state', category: 'diagnostic' } as const;

/** A part of the network with addresses of its own: a VLAN, the untagged one, a VPN. */
export const network = defineKind({
  kind: 'network',
  title: { en: 'Network', de: 'Netz' },
  readings: Type.Object({
    vlan: Type.Optional(integer('its number; 1: frames without one')),
    subnet: Type.Optional(text('its addresses, as in “192.168.20.1/24”')),
    clients: integer('clients in it'),
    dhcp_range: Type.Optional(text('addresses that are given out, as in “192.168.20.6 – 192.168.20.254”')),
    dhcp_use: Type.Optional(number('of these addresses, how many clients have one now', '%')),
  }),
  rows: [
    {
      key: 'clients',
      platform: 'sensor',
      reading: 'clients',
      name: { en: 'Clients', de: 'Clients' },
      topic: 'metrics',
      level: 'essential',
      stateClass: 'measurement',
      damping: { least: 1, share: 0.02 },
      icon: 'mdi:devices',
    },
    {
      key: 'dhcp_use',
      platform: 'sensor',
      reading: 'dhcp_use',
      name: { en: 'Addresses in use', de: 'Belegte Adressen' },
      topic: 'metrics',
      level: 'standard',
      stateClass: 'measurement',
      unit: '%',
      decimals: 0,
      damping: { least: 1 },
      icon: 'mdi:chart-donut',
    },
    {
      ...diagnostic,
      key: 'vlan',
      reading: 'vlan',
      name: { en: 'VLAN', de: 'VLAN' },
      level: 'standard',
      icon: 'mdi:tag-outline',
    },
    {
      ...diagnostic,
      key: 'subnet',
      reading: 'subnet',
      name: { en: 'Subnet', de: 'Subnetz' },
      level: 'standard',
      icon: 'mdi:ip-network-outline',
    },
    {
      ...diagnostic,
      key: 'dhcp_range',
      reading: 'dhcp_range',
      name: { en: 'DHCP range', de: 'DHCP-Bereich' },
      level: 'all',
      icon: 'mdi:arrow-expand-horizontal',
    },
  ],
});

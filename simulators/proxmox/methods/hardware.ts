import { may } from '../access.ts';
import { flag, ofNode, optional, text, textOf } from '../parameters.ts';
import type { PciSpec } from '../spec.ts';
import type { Call, Method } from './method.ts';
import { perm } from './method.ts';

/** What every server has: the console that its management controller shows. */
const CONSOLE: PciSpec = {
  id: '0000:03:00.0',
  class: '0x030000',
  vendor: '0x102b',
  vendor_name: 'Matrox Electronics Systems Ltd.',
  device: '0x0536',
  device_name: 'Integrated Matrox G200eW3 Graphics Controller',
  iommugroup: 31,
};

export const HARDWARE_METHODS: readonly Method[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/hardware/pci',
    parameters: { ...ofNode, 'pci-class-blacklist': optional(text), verbose: optional(flag) },
    permission: { ...perm('/', 'Sys.Audit', 'Sys.Modify'), any: true },
    proxied: true,
    run: ({ cluster, values }) => {
      const { spec } = cluster.node(textOf(values, 'node') ?? '');
      return [CONSOLE, ...(spec.pci ?? [])];
    },
  },
  {
    method: 'GET',
    path: '/cluster/mapping/pci',
    parameters: { 'check-node': optional(text) },
    permission: 'all',
    run: mappings,
  },
];

/** Those that the caller may see; the others are left out without a word. */
function mappings({ cluster, who }: Call): readonly object[] {
  const privileges = ['Mapping.Audit', 'Mapping.Use', 'Mapping.Modify'];
  return cluster.pciMappings
    .filter(({ id }) => privileges.some((privilege) => may(who, `/mapping/pci/${id}`, privilege)))
    .map((mapping) => ({ ...mapping, type: 'pci' }));
}

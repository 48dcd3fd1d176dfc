import type { Source } from '../contract/source.ts';

/** Every source, by the name of its list in the options; loaded only when that list has an entry. */
export const SOURCES = {
  docker: async () => (await import('./docker/index.ts')).docker as unknown as Source,
  proxmox: async () => (await import('./proxmox/index.ts')).proxmox as unknown as Source,
  pbs: async () => (await import('./pbs/index.ts')).pbs as unknown as Source,
  gpu: async () => (await import('./gpu/index.ts')).gpu as unknown as Source,
  redfish: async () => (await import('./redfish/index.ts')).redfish as unknown as Source,
  unifi: async () => (await import('./unifi/index.ts')).unifi as unknown as Source,
  pulse: async () => (await import('./pulse/index.ts')).pulse as unknown as Source,
  scpi: async () => (await import('./scpi/index.ts')).scpi as unknown as Source,
  chatterbox: async () => (await import('./chatterbox/index.ts')).chatterbox as unknown as Source,
  mcp: async () => (await import('./mcp/index.ts')).mcp as unknown as Source,
} satisfies Record<string, () => Promise<Source>>;

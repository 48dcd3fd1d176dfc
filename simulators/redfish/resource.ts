import type { Health } from './machine.ts';

/** A Redfish resource as it is sent. */
export interface Resource {
  readonly '@odata.id': string;
  readonly [property: string]: unknown;
}

export const link = (path: string): { readonly '@odata.id': string } => ({ '@odata.id': path });

export const status = (health: Health | null, state = 'Enabled') => ({ Health: health, State: state });

export const collection = (path: string, type: string, members: readonly string[]): Resource => ({
  '@odata.id': path,
  '@odata.type': `#${type}.${type}`,
  Name: type,
  Members: members.map(link),
  'Members@odata.count': members.length,
});

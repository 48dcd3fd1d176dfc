import { type Identity, may } from '../access.ts';
import type { ProxmoxCluster } from '../cluster.ts';
import { died } from '../errors.ts';
import type { SimGuest } from '../guest.ts';
import type { SimNode } from '../node.ts';
import type { Parameters, Values } from '../parameters.ts';
import type { GuestType } from '../spec.ts';

/** One request, its parameters verified. */
export interface Call {
  readonly cluster: ProxmoxCluster;
  /** The node that was asked, which may not be the one that answers. */
  readonly asked: SimNode;
  readonly who: Identity;
  /** Of path, query and body. */
  readonly values: Values;
  /** What was uploaded. */
  readonly file?: Buffer;
  /** Beside `data` in the answer: how many there are in all. */
  total?: number;
}

/**
 * Who may: anybody, whoever is known, or whoever holds (all or any of) the privileges at a path, at one of several, or at
 * all of them.
 */
export type Permission = 'world' | 'all' | AtPath | OneOf | { readonly and: readonly (AtPath | OneOf)[] };

export interface AtPath {
  readonly path: string;
  readonly privileges: readonly string[];
  readonly any?: true;
  /** Counts only where this parameter is given. */
  readonly requires?: string;
}

interface OneOf {
  readonly or: readonly AtPath[];
}

export interface Method {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in the API's schema: `/nodes/{node}/tasks`. */
  readonly path: string;
  readonly parameters: Parameters;
  readonly permission: Permission;
  /** The node in the path answers; whichever is asked passes the request on. */
  readonly proxied?: true;
  readonly run: (call: Call) => unknown;
}

export const perm = (path: string, ...privileges: readonly string[]): AtPath => ({ path, privileges });

/** @throws PveError as for a guest that is not on that node */
export function guestOf({ cluster, values }: Call, type: GuestType): SimGuest {
  const vmid = Number(values.vmid);
  const guest = cluster.guest(vmid);
  if (guest === undefined || guest.type !== type || guest.node !== values.node) {
    const folder = type === 'qemu' ? 'qemu-server' : 'lxc';
    throw died(`Configuration file 'nodes/${values.node}/${folder}/${vmid}.conf' does not exist`);
  }
  return guest;
}

export const sees = (who: Identity, { vmid }: SimGuest): boolean => may(who, `/vms/${vmid}`, 'VM.Audit');

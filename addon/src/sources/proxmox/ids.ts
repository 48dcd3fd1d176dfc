/** Ids of resources, and paths of the API. */

export const clusterId = (owner: string): string => `${owner}/cluster/cluster`;
export const nodeId = (owner: string, node: string): string => `${owner}/node/${node}`;

/** @param generation 1 for the first bearer of the vmid */
export const guestId = (owner: string, vmid: number, generation: number): string =>
  `${owner}/guest/${generation === 1 ? vmid : `${vmid}.${generation}`}`;

/** The vmid in a guest's id. */
export const vmidIn = (resourceId: string): number => Number(/\/guest\/(\d+)(\.\d+)?$/.exec(resourceId)?.[1]);

/** A pool is its node's: another one may have one of the same name. */
export const poolId = (owner: string, node: string, pool: string): string => `${owner}/pool/${node}/${pool}`;

/** @param path its serial, or node and device where that is not its own */
export const diskId = (owner: string, path: string): string => `${owner}/disk/${path}`;

/** @param path node and name, or the name alone of one that is shared */
export const storageId = (owner: string, path: string): string => `${owner}/storage/${path}`;

export const nodePath = (node: string): string => `/nodes/${encodeURIComponent(node)}`;

/** Where a guest is at present. */
export const guestPath = ({
  node,
  type,
  vmid,
}: {
  readonly node: string;
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
}): string => `${nodePath(node)}/${type}/${vmid}`;

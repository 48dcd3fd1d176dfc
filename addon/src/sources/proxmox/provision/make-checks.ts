import type { Check } from '../../../contract/step.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import type { InterfaceRow } from '../node/wire.ts';
import type { Desk } from '../reader.ts';
import { rightCheck } from './guest-now.ts';
import { guestRows } from './vmids.ts';

const GIB = 1024 ** 3;

/** A privilege and where: `['VM.Allocate', '/vms/201']`. */
export type Right = readonly [privilege: string, path: string];
/** One of these rights is needed; the first is the one to ask for. */
export type Need = readonly [Right, ...Right[]];

/** What is missing, and as one line what is held. */
export function rightsCheck(desk: Desk, needs: readonly Need[]): readonly Check[] {
  const missing = needs.filter((need) => !need.some(([privilege, path]) => desk.may(path, privilege)));
  if (missing.length > 0) return missing.map(([[privilege, path]]) => rightCheck(desk, path, privilege));
  const held = [...new Set(needs.map(([[privilege]]) => privilege))].join(', ');
  return [{ name: 'Rights', ok: true, message: `held: ${held}` }];
}

/** As Proxmox VE asks for it: a bridge of the node counts as a network of the zone “localnetwork”. */
export function bridgeNeed(bridge: string, vlan: number | undefined): Need {
  const path = `/sdn/zones/localnetwork/${bridge}`;
  return [['SDN.Use', path], ...(vlan === undefined ? [] : [['SDN.Use', `${path}/${vlan}`] as const])];
}

/** @param content as in `images` */
export function storageCheck({ picture }: Desk, storage: string, node: string, content: string): Check {
  const name = `Storage ${storage}`;
  const row = picture.storageOn(storage, node);
  const others = picture.storagesFor(content, node).join(', ') || 'none';
  if (row === undefined)
    return {
      name,
      ok: false,
      message: `${node} has no storage “${storage}”`,
      hint: `it has for that: ${others}`,
    };
  if (picture.storagesFor(content, node).includes(storage))
    return { name, ok: true, message: `it takes ${content}` };
  const isThere = row.status === 'available';
  return {
    ...{ name, ok: false },
    message: isThere ? `it takes no ${content}` : `it is not available on ${node} at present`,
    hint: `${node} has for that: ${others}`,
  };
}

/** Bridges of a node; virtual networks of the cluster count as well. */
export async function bridgesOf(
  { client }: Desk,
  node: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await client.list<InterfaceRow>(`${nodePath(node)}/network?type=any_bridge`, signal);
  return rows.map(({ iface }) => iface).sort();
}

export function bridgeCheck(bridge: string, bridges: readonly string[], node: string): Check {
  const ok = bridges.includes(bridge);
  return {
    ...{ name: 'Bridge', ok, message: ok ? `${node} has ${bridge}` : `${node} has no bridge “${bridge}”` },
    ...(!ok && { hint: `it has: ${bridges.join(', ') || 'none'}` }),
  };
}

/** @param wanted GiB */
export function memoryWarnings(desk: Desk, node: string, wanted: number): readonly string[] {
  const row = desk.picture.nodes.rows.find((each) => each.node === node);
  const total = (row?.maxmem ?? 0) / GIB;
  if (total === 0) return [];
  const promised = desk.picture.guests.shown
    .filter((guest) => guest.node === node && guest.status === 'running')
    .reduce((sum, guest) => sum + (guest.maxmem ?? 0) / GIB, wanted);
  const free = total - (row?.mem ?? 0) / GIB;
  return [
    ...(wanted > free
      ? [`${node} has ${free.toFixed(1)} GiB of memory free, and it may take ${wanted} GiB`]
      : []),
    ...(promised > total
      ? [
          `guests that run on ${node} may take ${promised.toFixed(0)} GiB together then, of ${total.toFixed(0)}`,
        ]
      : []),
  ];
}

/** Names and addresses that others have already. */
export async function takenWarnings(
  desk: Desk,
  { name, ip }: { readonly name: string; readonly ip?: string | undefined },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows: readonly GuestRow[] = await guestRows(desk, signal);
  const namesakes = rows.filter((row) => row.name === name).map(({ vmid }) => vmid);
  const address = ip?.split('/')[0];
  const { guests, owner } = desk.picture;
  const holders =
    address === undefined
      ? []
      : guests
          .resources(owner, '')
          .filter(({ readings }) =>
            [readings.ip, ...String(readings.ips ?? '').split(', ')].includes(address),
          )
          .map((one) => one.name);
  return [
    ...(namesakes.length > 0 ? [`there is a guest “${name}” already: ${namesakes.join(', ')}`] : []),
    ...(holders.length > 0 ? [`${address} is an address of ${holders.join(', ')}`] : []),
  ];
}

/** @param pool its name, where one is wanted */
export async function poolChecks(
  desk: Desk,
  pool: string | undefined,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (pool === undefined) return [];
  const rows = await desk.client.list<{ readonly poolid?: string }>('/pools', signal);
  const names = rows.flatMap(({ poolid }) => poolid ?? []);
  const ok = names.includes(pool);
  const message = ok ? `there is a pool ${pool}` : `there is no pool “${pool}”, or it may not be seen`;
  return [{ name: 'Pool', ok, message, ...(!ok && { hint: `there is: ${names.join(', ') || 'none'}` }) }];
}

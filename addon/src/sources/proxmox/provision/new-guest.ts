import type { CreateVmInput } from '../../../contract/inputs/create-vm.ts';
import type { Check } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import type { Desk } from '../reader.ts';
import { GIB } from './disks-in.ts';
import { bridgeCheck, bridgeNeed, bridgesOf, type Need, poolChecks, storageCheck } from './make-checks.ts';
import { spaceChecks } from './space.ts';

/** What of an input is the same for machines and containers. */
export type NewGuestInput = Pick<
  CreateVmInput,
  | 'name'
  | 'cores'
  | 'memory'
  | 'bridge'
  | 'vlan'
  | 'ip'
  | 'gateway'
  | 'dns'
  | 'search_domain'
  | 'tags'
  | 'pool'
  | 'start_on_boot'
  | 'start'
>;

export const MIB_IN_GIB = 1_024;

/** What can be told wrong of an input by itself. @throws LabError `input_invalid` */
export function checkNetwork({ ip = 'dhcp', gateway }: NewGuestInput): void {
  if (ip === 'dhcp') {
    if (gateway === undefined) return;
    throw new LabError('input_invalid', 'input.gateway: with dhcp the gateway is told by that', {
      path: 'input.gateway',
      hint: 'leave it out, or give ip as well',
    });
  }
  const [address = '', length = ''] = ip.split('/');
  const isRight = isAddress(address) && Number(length) <= 32 && (gateway === undefined || isAddress(gateway));
  if (isRight) return;
  throw new LabError(
    'input_invalid',
    `input.ip: there is no address ${ip}${gateway ? ` with gateway ${gateway}` : ''}`,
    {
      path: 'input.ip',
      hint: 'as in 10.0.20.5/24, with gateway 10.0.20.1',
    },
  );
}

const isAddress = (text: string): boolean => text.split('.').every((part) => Number(part) <= 255);

/** The storage of a node with most room that takes something. @param content as in `images` */
export function roomiest({ picture }: Desk, node: string, content: string): string | undefined {
  const free = (name: string): number => {
    const row = picture.storageOn(name, node);
    return (row?.maxdisk ?? 0) - (row?.disk ?? 0);
  };
  return [...picture.storagesFor(content, node)].sort((one, other) => free(other) - free(one))[0];
}

/** What is to be put on a storage. */
export interface Load {
  readonly storage: string;
  readonly gib: number;
}

/** Where a guest goes: the network that it is in, and what is wrong with where it is to go. */
export interface Place {
  readonly bridge: string;
  readonly checks: readonly Check[];
  readonly needs: readonly Need[];
}

/**
 * Looks at all that new guests of either kind need.
 *
 * @param content that its storage has to take: `images` or `rootdir`
 */
export async function placeFor(
  desk: Desk,
  node: string,
  { bridge: wanted, vlan, pool }: NewGuestInput,
  content: 'images' | 'rootdir',
  load: Load | undefined,
  signal: AbortSignal,
): Promise<Place> {
  const bridges = await bridgesOf(desk, node, signal);
  const bridge = wanted ?? bridges[0] ?? 'vmbr0';
  return {
    bridge,
    checks: [
      bridgeCheck(bridge, bridges, node),
      ...(await poolChecks(desk, pool, signal)),
      ...(load === undefined
        ? [{ name: 'Storage', ok: false, message: `${node} has no storage that takes ${content}` }]
        : [
            storageCheck(desk, load.storage, node, content),
            ...(await spaceChecks(desk, node, load.storage, load.gib * GIB, signal)),
          ]),
    ],
    needs: [
      bridgeNeed(bridge, vlan),
      ...(load === undefined ? [] : [[['Datastore.AllocateSpace', `/storage/${load.storage}`]] as Need]),
    ],
  };
}

/** Privileges that are asked at the guest, or at the pool that it comes into. */
export const guestNeeds = (
  vmid: number,
  pool: string | undefined,
  privileges: readonly string[],
): readonly Need[] =>
  privileges.map((privilege) => [
    [privilege, `/vms/${vmid}`],
    ...(pool === undefined ? [] : [[privilege, `/pool/${pool}`] as const]),
  ]);

/** Entries whose value is known, as a form takes them. */
export const formOf = (
  entries: Readonly<Record<string, string | number | boolean | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'boolean' ? String(Number(value)) : String(value)]],
    ),
  );

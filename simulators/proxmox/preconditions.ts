import type { ProxmoxCluster } from './cluster.ts';
import type { SimGuest } from './guest.ts';
import { guestConfig } from './views/guest-config.ts';
import { isOn } from './views/resources.ts';

type Row = Readonly<Record<string, unknown>>;

/** `GET …/migrate`: what stands in the way of moving a guest. */
export function preconditions(cluster: ProxmoxCluster, guest: SimGuest): Row {
  const others = cluster.nodes.filter(({ name }) => name !== guest.node).map(({ name }) => name);
  const running = guest.running ? 1 : 0;
  // Of a container Proxmox VE looks at nothing but high availability.
  if (guest.type === 'lxc') return { running, 'allowed-nodes': others, 'not-allowed-nodes': {} };
  const { local, mapped } = devicesOf(cluster, guest);
  const hindrances = (node: string): Row => {
    const missing = mapped.filter(({ nodes }) => !nodes.includes(node)).map(({ key }) => key);
    return {
      ...(hasStorage(cluster, guest, node) ? {} : { unavailable_storages: [storageOf(guest)] }),
      ...(missing.length > 0 && { 'unavailable-resources': missing }),
    };
  };
  const notAllowed = others.map((node) => [node, hindrances(node)] as const);
  return {
    running,
    allowed_nodes: notAllowed.filter(([, row]) => Object.keys(row).length === 0).map(([node]) => node),
    not_allowed_nodes: Object.fromEntries(notAllowed.filter(([, row]) => Object.keys(row).length > 0)),
    local_disks: isLocal(cluster, guest)
      ? [
          {
            ...{ volid: `${storageOf(guest)}:vm-${guest.vmid}-disk-0`, size: guest.spec.disk },
            ...{ cdrom: 0, is_unused: 0 },
          },
        ]
      : [],
    local_resources: local,
    'mapped-resources': mapped.map(({ key }) => key),
    'mapped-resource-info': Object.fromEntries(mapped.map(({ key, name }) => [key, { name }])),
    'has-dbus-vmstate': 1,
  };
}

/** Devices of the node that a guest has: those that keep it there, and those that mappings name. */
export function devicesOf(cluster: ProxmoxCluster, guest: SimGuest) {
  const devices = Object.entries(guestConfig(guest)).filter(([key]) => /^(hostpci|usb)\d+$/.test(key));
  const mapped = devices.flatMap(([key, value]) => {
    const name = /(?:^|,)mapping=([^,]+)/.exec(String(value))?.[1];
    if (name === undefined) return [];
    const { map = [] } = cluster.pciMappings.find(({ id }) => id === name) ?? {};
    const nodes = map.map((entry) => /(?:^|,)node=([^,]+)/.exec(entry)?.[1] ?? '');
    return [{ key, name, nodes }];
  });
  const named = new Set(mapped.map(({ key }) => key));
  const local = devices.map(([key]) => key).filter((key) => guest.running || !named.has(key));
  return { local, mapped };
}

/** Whether its disk is on a storage of its node alone. */
export const isLocal = ({ storages }: ProxmoxCluster, guest: SimGuest): boolean =>
  storages.find(({ storage }) => storage === storageOf(guest))?.shared !== true;

const hasStorage = ({ storages }: ProxmoxCluster, guest: SimGuest, node: string): boolean =>
  storages.some((each) => each.storage === storageOf(guest) && isOn(each, node));

const storageOf = ({ spec }: SimGuest): string => spec.storage ?? 'local-zfs';

import { addressesIn } from './addresses.ts';
import type { GuestConfig, GuestRow } from './wire.ts';

/** `ostype` of virtual machines, which the web page offers under these names. */
const SYSTEMS: Readonly<Record<string, string>> = {
  l26: 'Linux',
  l24: 'Linux 2.4',
  win11: 'Windows 11/2022/2025',
  win10: 'Windows 10/2016/2019',
  win8: 'Windows 8/2012',
  win7: 'Windows 7/2008 R2',
  w2k8: 'Windows Vista/2008',
  w2k3: 'Windows 2003',
  w2k: 'Windows 2000',
  wxp: 'Windows XP',
  wvista: 'Windows Vista',
  solaris: 'Solaris',
};

/** Whether a virtual machine is set up to have an agent: `1`, `enabled=1,fstrim_cloned_disks=1`. */
export const hasAgent = ({ agent }: GuestConfig): boolean => /^(enabled=)?1\b/.test(String(agent ?? ''));

export const isSet = (value: string | number | undefined): boolean => String(value ?? '') === '1';

/** The operating system that a guest was set up for; null: another one, or not told. */
export function systemIn({ ostype }: GuestConfig, type: GuestRow['type']): string | null {
  if (ostype === undefined || ostype === 'other' || ostype === 'unmanaged') return null;
  const name = String(ostype);
  return type === 'qemu' ? (SYSTEMS[name] ?? name) : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Devices of the node that a guest has for itself: PCI, USB, device files; by address or mapping. */
export function passedThrough(config: GuestConfig): readonly string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const kind = /^(hostpci|usb|dev)\d+$/.exec(key)?.[1];
    if (kind === undefined || value === undefined) return [];
    const options = new Map(
      String(value)
        .split(',')
        .map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)] as const),
    );
    const first = String(value).split(',', 1)[0] ?? '';
    const device = options.get('mapping') ?? options.get('host') ?? options.get('path') ?? first;
    // A port that SPICE redirects is no device of the node.
    return device === 'spice'
      ? []
      : [`${kind === 'hostpci' ? 'PCI' : kind === 'usb' ? 'USB' : 'device'} ${device}`];
  });
}

/** `startup`, as in `order=1,up=30,down=60`: when it starts and ends among others, and for how long it may end. */
export function startupOf({ startup }: GuestConfig = {}): {
  readonly startup_order?: number;
  readonly shutdown_timeout?: number;
} {
  const text = String(startup ?? '');
  const order = /(?:^|,)(?:order=)?(\d+)/.exec(text)?.[1];
  const down = /(?:^|,)down=(\d+)/.exec(text)?.[1];
  return {
    ...(order !== undefined && { startup_order: Number(order) }),
    ...(down !== undefined && { shutdown_timeout: Number(down) }),
  };
}

/** Names of the storages that a guest's disks are on. */
export function storagesIn(config: GuestConfig): readonly string[] {
  const names = Object.entries(config).flatMap(([key, value]) => {
    if (!/^(ide|sata|scsi|virtio|mp|efidisk|tpmstate)\d+$|^rootfs$/.test(key)) return [];
    const text = String(value);
    // An image in a drive may be changed at any time; `/dev/…` and `/srv/…` are of no storage.
    return /media=cdrom/.test(text) ? [] : (/^([A-Za-z][\w.-]*):/.exec(text)?.[1] ?? []);
  });
  return [...new Set(names)].sort();
}

/** Addresses that a container is given by its configuration. */
export function fixedAddresses(config: GuestConfig): readonly string[] {
  const rows = Object.entries(config).flatMap(([key, value]) => {
    if (!/^net\d+$/.test(key)) return [];
    const text = String(value);
    const of = (name: string): object => {
      const found = new RegExp(`(?:^|,)${name}=([^,]+)`).exec(text)?.[1];
      return found === undefined ? {} : { [name === 'ip' ? 'inet' : 'inet6']: found };
    };
    return [{ name: key, ...of('ip'), ...of('ip6') }];
  });
  return addressesIn(rows, []);
}

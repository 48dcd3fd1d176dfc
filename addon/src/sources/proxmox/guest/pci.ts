import type { LabResourceOf } from '../../../kinds/index.ts';
import type { GuestConfig } from './wire.ts';

type Devices = NonNullable<LabResourceOf<'guest'>['readings']['pci_devices']>;

/** The PCI devices that a virtual machine has for itself; undefined: none. */
export function pciDevicesIn(config: GuestConfig): Devices | undefined {
  const machine = String(config.machine ?? '');
  const devices = Object.entries(config).flatMap(([key, value]) => {
    if (!/^hostpci\d+$/.test(key) || value === undefined) return [];
    const parts = String(value).split(',');
    const of = (name: string): string | undefined =>
      parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    const mapping = of('mapping');
    const host = of('host') ?? (parts[0]?.includes('=') ? undefined : parts[0]);
    return [
      {
        key,
        title: mapping ?? host ?? String(value),
        ...(mapping !== undefined && { mapping }),
        ...(host !== undefined && { addresses: host.split(';').map(withDomain).join(', ') }),
        pcie: of('pcie') === '1',
        q35: /q35/.test(machine),
        ovmf: config.bios === 'ovmf',
      },
    ];
  });
  return devices.length === 0 ? undefined : devices;
}

/** The domain may be left out. */
const withDomain = (address: string): string =>
  /^[0-9a-f]{2}:[0-9a-f]{2}/i.test(address) ? `0000:${address}` : address;

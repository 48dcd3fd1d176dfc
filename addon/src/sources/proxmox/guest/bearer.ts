import type { GuestConfig, GuestRow } from './wire.ts';

/** What tells one bearer of a vmid from the next. A rollback changes `vmgenid`, so the SMBIOS UUID comes first. */
export function fingerprintOf(type: GuestRow['type'], config: GuestConfig): string {
  const uuid = uuidIn(config);
  return `${type} ${uuid ?? config.vmgenid ?? ''}`.trim();
}

/** The SMBIOS UUID of a virtual machine. */
export const uuidIn = ({ smbios1 }: GuestConfig): string | undefined =>
  /uuid=([0-9a-f-]+)/i.exec(String(smbios1 ?? ''))?.[1];

/** The MAC of each network card, as configured. */
export const macsIn = (config: GuestConfig): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) =>
    /^net\d+$/.test(key) ? (/\b([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/i.exec(String(value))?.[1] ?? []) : [],
  );

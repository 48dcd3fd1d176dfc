import type { DiskSpec, SmartSpec, ThinPoolSpec } from '../hardware.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row of `GET /nodes/{node}/disks/list`. @param smart its disks were asked how they are */
export function diskRow(disk: DiskSpec, smart: boolean): Row {
  const { device, model, vendor, serial = 'unknown', wwn = 'unknown', link, size, type, rpm, used } = disk;
  const solid = type === 'ssd' || type === 'nvme';
  return {
    devpath: `/dev/${device}`,
    ...(link === undefined ? {} : { by_id_link: `/dev/disk/by-id/${link}` }),
    ...{ vendor, model, serial, wwn, size, type },
    gpt: used === undefined ? 0 : 1,
    rpm: solid ? 0 : (rpm ?? -1),
    health: (smart ? disk.smart?.health : undefined) ?? 'UNKNOWN',
    wearout: smart && solid && disk.smart?.worn !== undefined ? 100 - disk.smart.worn : 'N/A',
    ...(used === undefined ? {} : { used }),
    ...(disk.mounted === true ? { mounted: 1 } : {}),
    osdid: disk.osd ?? -1,
    'osdid-list': null,
  };
}

/** `GET /nodes/{node}/disks/smart`. */
export function smartAnswer({ smart }: DiskSpec, healthOnly: boolean): Row {
  // Where `smartctl` fails nothing is said of why.
  if (smart === undefined) return { health: 'UNKNOWN' };
  const { health } = smart;
  if (healthOnly) return { health };
  if (smart.as === 'ata') return { health, type: 'ata', attributes: attributesOf(smart) };
  const text = smart.as === 'nvme' ? nvmeText(smart) : sasText(smart);
  return { health, type: 'text', text, ...(smart.worn === undefined ? {} : { wearout: 100 - smart.worn }) };
}

function attributesOf({ temperature, hours, worn }: SmartSpec): readonly Row[] {
  const attribute = (id: number, name: string, normalized: number, raw: string): Row => ({
    id: String(id).padStart(3),
    name,
    flags: '-O--CK',
    value: normalized,
    normalized,
    worst: normalized,
    threshold: 0,
    fail: '-',
    raw,
  });
  return [
    attribute(5, 'Reallocated_Sector_Ct', 100, '0'),
    attribute(9, 'Power_On_Hours', 95, String(hours)),
    attribute(12, 'Power_Cycle_Count', 99, '57'),
    ...(worn === undefined ? [] : [attribute(177, 'Wear_Leveling_Count', 100 - worn, '108')]),
    attribute(194, 'Temperature_Celsius', 100 - temperature, `${temperature} (Min/Max 17/52)`),
    attribute(199, 'UDMA_CRC_Error_Count', 100, '0'),
  ];
}

const nvmeText = ({ temperature, hours, worn = 0 }: SmartSpec): string => `
SMART/Health Information (NVMe Log 0x02, NSID 0xffffffff)
Critical Warning:                   0x00
Temperature:                        ${temperature} Celsius
Available Spare:                    100%
Available Spare Threshold:          10%
Percentage Used:                    ${worn}%
Power Cycles:                       81
Power On Hours:                     ${hours.toLocaleString('en')}
Unsafe Shutdowns:                   29
Media and Data Integrity Errors:    0
`;

const sasText = ({ temperature, hours, worn }: SmartSpec): string => `
${worn === undefined ? '' : `Percentage used endurance indicator: ${worn}%\n`}Current Drive Temperature:     ${temperature} C
Drive Trip Temperature:        60 C

Accumulated power on time, hours:minutes ${hours}:12
Manufactured in week 31 of year 2022
Accumulated start-stop cycles:  42
Elements in grown defect list: 0
`;

/** A row of `GET /nodes/{node}/disks/lvmthin`. */
export const thinPoolRow = (pool: ThinPoolSpec): Row => ({
  lv: pool.lv,
  vg: pool.vg,
  lv_size: pool.size,
  used: pool.used,
  metadata_size: pool.metadataSize,
  metadata_used: pool.metadataUsed,
});

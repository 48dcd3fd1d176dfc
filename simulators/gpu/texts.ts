import type { SimulatedCard } from './card.ts';

const MIB = 1024 ** 2;

type Line = readonly [metric: string, value: number | null, labels?: Readonly<Record<string, string>>];

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function lineOf(name: string, value: number, labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${written.join(',')}} ${value}`;
}

/** As nvidia_gpu_exporter answers with `--collect.compute-apps`, by its nvidia-smi backend. */
export function smiExporterText(cards: readonly SimulatedCard[]): string {
  const lines = cards.flatMap((card, index) => {
    const uuid = card.uuid.toLowerCase().replace(/^gpu-/, '');
    const free = card.memoryTotal - card.memoryReserved - card.memoryUsed;
    const of: readonly Line[] = [
      [
        'gpu_info',
        1,
        {
          ...{ cuda_version: card.cuda, driver_version: card.driver, index: String(index), name: card.name },
          ...{ pci_bus_id: card.pci, serial: card.serial ?? '[N/A]', vbios_version: '94.02.42.00.A9' },
        },
      ],
      ['utilization_gpu_ratio', card.utilization === null ? null : card.utilization / 100],
      ['utilization_encoder_ratio', card.encoder === null ? null : card.encoder / 100],
      ['memory_used_bytes', card.memoryUsed * MIB],
      ['memory_free_bytes', free * MIB],
      ['memory_total_bytes', card.memoryTotal * MIB],
      ['temperature_gpu', card.temperature],
      ['temperature_memory', card.memoryTemperature],
      ['fan_speed_ratio', card.fan === null ? null : card.fan / 100],
      ['power_draw_watts', card.watts],
      ['enforced_power_limit_watts', card.limit],
      ['clocks_current_graphics_clock_hz', card.clock * 1e6],
      ['clocks_current_memory_clock_hz', card.memoryClock * 1e6],
      ['pstate', card.pstate],
      ['clocks_event_reasons_active', card.reasons],
      ['pcie_link_gen_current', card.pcieGen],
      ['pcie_link_width_current', card.pcieWidth],
      ['pci_device_id', Number.parseInt(card.device.split(':').reverse().join(''), 16)],
      ['compute_apps', card.processes.length],
      ...card.processes.flatMap(({ pid, name, memory }): readonly Line[] => [
        ['compute_app_info', 1, { pid: String(pid), process_name: name }],
        [
          'compute_app_used_memory_bytes',
          memory === null ? null : memory * MIB,
          { pid: String(pid), process_name: name },
        ],
      ]),
    ];
    return of.flatMap(([metric, value, labels = {}]) =>
      value === null ? [] : [lineOf(`nvidia_smi_${metric}`, value, { ...labels, uuid })],
    );
  });
  return [...lines, 'nvidia_smi_last_collect_success 1', 'go_goroutines 11', ''].join('\n');
}

/** What DCGM writes for what there is not: an INT64 “not supported”. */
const BLANK = '9223372036854775794';

/** As dcgm-exporter answers with its default counters. */
export function dcgmExporterText(cards: readonly SimulatedCard[]): string {
  const lines = cards.flatMap((card, index) => {
    const labels = {
      ...{ gpu: String(index), UUID: card.uuid, pci_bus_id: card.pci, device: `nvidia${index}` },
      ...{ modelName: card.name, Hostname: 'docker-host', DCGM_FI_DRIVER_VERSION: card.driver },
    };
    const xid = card.xids.at(-1) ?? 0;
    const of: readonly (readonly [string, number | null])[] = [
      ['SM_CLOCK', card.clock],
      ['MEM_CLOCK', card.memoryClock],
      ['MEMORY_TEMP', card.memoryTemperature],
      ['GPU_TEMP', card.temperature],
      ['POWER_USAGE', card.watts],
      ['TOTAL_ENERGY_CONSUMPTION', card.millijoules],
      ['GPU_UTIL', card.utilization],
      ['ENC_UTIL', card.encoder],
      ['FB_FREE', card.memoryTotal - card.memoryReserved - card.memoryUsed],
      ['FB_USED', card.memoryUsed],
      ['FB_RESERVED', card.memoryReserved],
    ];
    return [
      ...of.map(([field, value]) =>
        lineOf(`DCGM_FI_DEV_${field}`, value ?? 0, labels).replace(/ 0$/, ` ${value ?? BLANK}`),
      ),
      lineOf('DCGM_FI_DEV_XID_ERRORS', xid, { ...labels, err_code: String(xid), err_msg: 'text' }),
    ];
  });
  return [...lines, ''].join('\n');
}

/** As nvidia-smi answers `--query-gpu=<fields> --format=csv`, with units. */
export function smiCsv(card: SimulatedCard, fields: readonly string[]): string {
  const [vendor = '', device = ''] = card.device.split(':');
  const values: Readonly<Record<string, string | null>> = {
    count: '1',
    uuid: card.uuid,
    name: card.name,
    serial: card.serial,
    driver_version: card.driver,
    vbios_version: '94.02.42.00.A9',
    'pci.bus_id': card.pci,
    'pci.device_id': `0x${device}${vendor}`.toUpperCase().replace('0X', '0x'),
    'memory.used': `${card.memoryUsed} MiB`,
    'memory.free': `${card.memoryTotal - card.memoryReserved - card.memoryUsed} MiB`,
    'memory.total': `${card.memoryTotal} MiB`,
    pstate: `P${card.pstate}`,
    'clocks_throttle_reasons.active': `0x${card.reasons.toString(16).padStart(16, '0').toUpperCase()}`,
    'utilization.gpu': card.utilization === null ? null : `${card.utilization} %`,
    'utilization.encoder': card.encoder === null ? null : `${card.encoder} %`,
    'utilization.decoder': '0 %',
    'temperature.gpu': String(card.temperature),
    'temperature.memory': card.memoryTemperature === null ? 'N/A' : String(card.memoryTemperature),
    'fan.speed': card.fan === null ? null : `${card.fan} %`,
    'power.draw': card.watts === null ? null : `${card.watts.toFixed(2)} W`,
    'enforced.power.limit': `${card.limit.toFixed(2)} W`,
    'clocks.current.graphics': `${card.clock} MHz`,
    'clocks.current.memory': `${card.memoryClock} MHz`,
    'pcie.link.gen.current': String(card.pcieGen),
    'pcie.link.width.current': String(card.pcieWidth),
  };
  return fields.map((field) => values[field] ?? '[N/A]').join(', ');
}

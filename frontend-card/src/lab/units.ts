/** Units of the readings that views show, where nothing says them along; they never change. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  '%': [
    'cpu',
    'usage',
    'disk_usage',
    'utilization',
    'fan',
    'io_wait',
    'root_usage',
    'dhcp_use',
    'life_left',
  ].concat([
    'fragmentation',
    'scan_progress',
    'task_progress',
    'build_out',
    'metadata_usage',
    'availability',
    'encoder',
    'decoder',
  ]),
  GiB: [
    'memory_total',
    'memory_host',
    'arc',
    'swap',
    'swap_total',
    'disk',
    'disk_total',
    'used',
    'total',
  ].concat(
    [
      'allocated',
      'size',
      'vram_used',
      'vram_free',
      'vram_total',
      'disk_used',
      'disk_reclaimable',
      'backup_size',
    ],
    ['memory_limit', 'disk_images', 'disk_volumes', 'memory_without_arc'],
  ),
  'MiB/s': ['network_received', 'network_sent', 'disk_read', 'disk_written'],
  'Mbit/s': ['received', 'sent', 'speed', 'speedtest_down', 'speedtest_up'],
  '°C': ['temperature', 'cpu_temperature', 'memory_temperature'],
  W: ['watts', 'power_limit', 'poe_power', 'input'],
  kWh: ['energy'],
  MHz: ['clock', 'memory_clock'],
  ms: ['latency', 'first_sound', 'speedtest_ping'],
  h: ['power_on_hours', 'busy_hours', 'break_even_hours'],
  rpm: ['fan_speed'],
};

const BY_KEY = new Map(Object.entries(UNITS).flatMap(([unit, keys]) => keys.map((key) => [key, unit])));

/** Where a key means something else than elsewhere. */
const BY_KIND: Readonly<Record<string, string | undefined>> = {
  'gpu.power': 'W',
  'app.memory': 'MiB',
  ...Object.fromEntries(['gateway', 'switch', 'accesspoint'].map((kind) => [`${kind}.memory`, '%'])),
  ...Object.fromEntries(
    ['node', 'guest', 'host', 'container', 'server', 'backupserver', 'speech'].map((kind) => [
      `${kind}.memory`,
      'GiB',
    ]),
  ),
  'stack.total': undefined,
};

/** @param key also of an item, as in `port_2_poe_power` */
export function unitOf(kind: string, key: string): string | undefined {
  const own = `${kind}.${key}`;
  if (own in BY_KIND) return BY_KIND[own];
  for (let rest = key; rest !== ''; rest = rest.slice(rest.indexOf('_') + 1 || rest.length)) {
    const unit = BY_KEY.get(rest);
    if (unit !== undefined) return unit;
  }
  return undefined;
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL_SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** An amount of data as GiB, since people may have Home Assistant show another unit; undefined for what is none. */
export function inGib(value: number, unit: string | undefined): number | undefined {
  const power = SIZES.indexOf(unit ?? '');
  if (power >= 0) return value * 1_024 ** (power - 3);
  const decimal = DECIMAL_SIZES.indexOf(unit ?? '');
  return decimal >= 0 ? (value * 1_000 ** decimal) / 1_024 ** 3 : undefined;
}

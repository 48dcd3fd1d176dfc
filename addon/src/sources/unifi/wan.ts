import { given, isoOf, mbits, measured, said } from './units.ts';
import type { DeviceRow, NetworkRow, UptimeStats, WanRow } from './wire.ts';

const GROUPS = [
  { group: 'WAN', key: 'wan', field: 'wan1' },
  { group: 'WAN2', key: 'wan2', field: 'wan2' },
] as const;

/**
 * A gateway's lines to the outside. A gateway shows all that it could have.
 *
 * @param networks tell which ones are set up; undefined while they are not known: then those that work
 */
export function wansOf(row: DeviceRow, networks: readonly NetworkRow[] | undefined, there: boolean) {
  const now = <T>(value: T | null): T | null => (there ? value : null);
  const wans = GROUPS.flatMap(({ group, key, field }) => {
    const wan = row[field];
    const isSetUp = networks?.some(
      ({ purpose, wan_networkgroup: own = 'WAN' }) => purpose === 'wan' && own === group,
    );
    if (wan === undefined || !(isSetUp ?? isUp(wan))) return [];
    const stats = row.uptime_stats?.[group];
    return [
      {
        ...{ key, title: group },
        up: now(isUp(wan)),
        ip: now(said(wan.ip)),
        latency: now(latencyOf(wan, stats)),
        availability: now(measured(stats?.availability) ?? meanOf(stats, 'availability')),
        received: now(mbits(wan['rx_bytes-r'])),
        sent: now(mbits(wan['tx_bytes-r'])),
      },
    ];
  });
  return {
    internet: now(GROUPS.some(({ field }) => isUp(row[field]))),
    ...(wans.length > 0 && { wans, active_wan: now(activeOf(row)) }),
    ...speedtestOf(row),
  };
}

const isUp = (wan: WanRow | undefined): boolean => wan?.up === true && said(wan.ip) !== null;

function activeOf(row: DeviceRow): string {
  const up = GROUPS.filter(({ field }) => isUp(row[field]));
  const active = up.find(({ field }) => {
    const { ip, ifname } = row[field] ?? {};
    return ip === row.uplink?.ip || (ifname !== undefined && ifname === row.uplink?.name);
  });
  return (active ?? up[0])?.group ?? 'none';
}

function latencyOf(wan: WanRow, stats: UptimeStats | undefined): number | null {
  if (!isUp(wan)) return null;
  return measured(stats?.latency_average) ?? meanOf(stats, 'latency_average') ?? measured(wan.latency);
}

function meanOf(stats: UptimeStats | undefined, what: 'latency_average' | 'availability'): number | null {
  const all = (stats?.monitors ?? []).flatMap((one) => measured(one[what]) ?? []);
  return all.length === 0 ? null : all.reduce((sum, each) => sum + each, 0) / all.length;
}

function speedtestOf({ 'speedtest-status': test }: DeviceRow) {
  if (test?.rundate === undefined || test.rundate <= 0) return {};
  return {
    ...given('speedtest_down', measured(test.xput_download)),
    ...given('speedtest_up', measured(test.xput_upload)),
    ...given('speedtest_ping', measured(test.latency)),
    speedtest_at: isoOf(test.rundate * 1_000),
  };
}

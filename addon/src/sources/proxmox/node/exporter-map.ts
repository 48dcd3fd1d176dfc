import { slug } from '../../../core/ids.ts';
import { type Sample, samplesIn } from '../../../net/prometheus.ts';
import { gib } from '../units.ts';
import type { NodeReadings } from './map.ts';

const METRICS = new Set([
  'node_hwmon_temp_celsius',
  'node_hwmon_sensor_label',
  'node_hwmon_chip_names',
  'node_zfs_arc_size',
  'node_zfs_zpool_state',
]);
/** Drivers of processors' own sensors. */
const PROCESSORS = ['coretemp', 'k10temp', 'zenpower', 'cpu_thermal'];
/** Degrees between which a sensor may be believed: broken ones say −128, 0 or 255. */
const BELIEVED = [-40, 150] as const;
/** Sensors that are shown; a big machine has hundreds. */
const MOST = 32;

/** What an exporter tells that Proxmox VE does not; what it does not tell is left out. */
export interface Exported {
  readonly readings: Pick<NodeReadings, 'cpu_temperature' | 'temperatures' | 'zfs_problem' | 'zfs_trouble'>;
  /** GiB; undefined: there is no ZFS. */
  readonly arc: number | undefined;
}

/** @param text as node_exporter answers it */
export function exportedIn(text: string): Exported {
  const samples = Map.groupBy(samplesIn(text, METRICS), ({ name }) => name);
  const of = (name: string): readonly Sample[] => samples.get(name) ?? [];
  const arc = of('node_zfs_arc_size')[0]?.value;
  return {
    readings: {
      ...temperaturesOf(
        of('node_hwmon_temp_celsius'),
        of('node_hwmon_sensor_label'),
        of('node_hwmon_chip_names'),
      ),
      ...poolsOf(of('node_zfs_zpool_state')),
    },
    arc: arc === undefined ? undefined : (gib(arc) ?? undefined),
  };
}

function temperaturesOf(
  values: readonly Sample[],
  labels: readonly Sample[],
  chips: readonly Sample[],
): Pick<NodeReadings, 'cpu_temperature' | 'temperatures'> {
  if (values.length === 0) return {};
  const labelOf = new Map(labels.map(({ labels: { chip, sensor, label } }) => [`${chip} ${sensor}`, label]));
  const nameOf = new Map(chips.map(({ labels: { chip, chip_name } }) => [chip, chip_name]));
  const sensors = values.map(({ labels: { chip = '', sensor = '' }, value }) => {
    const name = nameOf.get(chip) ?? chip;
    return {
      key: `hwmon_${slug(chip)}_${slug(sensor)}`,
      title: `${name} ${labelOf.get(`${chip} ${sensor}`) ?? sensor}`,
      temperature: value >= BELIEVED[0] && value <= BELIEVED[1] ? value : null,
      isProcessor: PROCESSORS.includes(name),
    };
  });
  const processors = sensors.flatMap((each) => (each.isProcessor ? (each.temperature ?? []) : []));
  return {
    ...(sensors.some(({ isProcessor }) => isProcessor) && {
      cpu_temperature: processors.length === 0 ? null : Math.max(...processors),
    }),
    temperatures: sensors
      // Of a processor its package is enough; it has a sensor a core.
      .filter(({ title }) => !/ Core \d+$/.test(title))
      .slice(0, MOST)
      .map(({ isProcessor: _, ...shown }) => shown),
  };
}

/** One sample for each pool and state that there is, 1 for the state that it is in. */
function poolsOf(samples: readonly Sample[]): Pick<NodeReadings, 'zfs_problem' | 'zfs_trouble'> {
  if (samples.length === 0) return {};
  const trouble = samples
    .filter(({ labels: { state }, value }) => value === 1 && state !== 'online')
    .map(({ labels: { zpool, state } }) => `${zpool}: ${state}`);
  return { zfs_problem: trouble.length > 0, zfs_trouble: trouble.join(', ') || 'none' };
}

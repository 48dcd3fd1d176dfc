import type { Bare, Health, Reading, Reason } from './thing.ts';

type Readings = Bare['readings'];

/** What is looked at: a key, the values that are not well, how bad that is, and the words for it. */
interface Sign {
  readonly key: string;
  readonly when: (value: Reading['value'], readings: Readings) => boolean;
  readonly health: Health;
  /** Words of the reason; left out: those of the key. */
  readonly words?: string;
  /** The reading that says more. */
  readonly more?: string;
}

const on = (value: Reading['value']): boolean => value === true;
const off = (value: Reading['value']): boolean => value === false;
const oneOf =
  (...values: readonly string[]) =>
  (value: Reading['value']): boolean =>
    typeof value === 'string' && values.includes(value);
const some = (value: Reading['value']): boolean => typeof value === 'number' && value > 0;
const over =
  (limit: number) =>
  (value: Reading['value']): boolean =>
    typeof value === 'number' && value >= limit;

/** For every kind alike: the keys mean the same wherever they are. */
const SIGNS: readonly Sign[] = [
  { key: 'connection', when: off, health: 'away', words: 'unreachable' },
  { key: 'connected', when: off, health: 'problem', words: 'disconnected' },
  { key: 'internet', when: off, health: 'problem', words: 'no_internet' },
  { key: 'problem', when: on, health: 'problem', more: 'failing' },
  { key: 'failure_predicted', when: on, health: 'problem' },
  { key: 'quorum', when: off, health: 'problem', words: 'no_quorum' },
  { key: 'zfs_problem', when: on, health: 'problem', more: 'zfs_trouble' },
  { key: 'services_problem', when: on, health: 'warning', more: 'services_failed' },
  { key: 'links_problem', when: on, health: 'warning', more: 'links_down' },
  { key: 'health', when: oneOf('unhealthy', 'critical', 'faulted', 'unavailable'), health: 'problem' },
  { key: 'health', when: oneOf('degraded', 'warning', 'suspended'), health: 'warning' },
  { key: 'ha', when: oneOf('error'), health: 'problem' },
  { key: 'ha', when: oneOf('warning'), health: 'warning' },
  { key: 'ceph', when: oneOf('error'), health: 'problem' },
  { key: 'ceph', when: oneOf('warning'), health: 'warning' },
  {
    key: 'state',
    when: oneOf('error', 'dead', 'restarting', 'failed', 'heartbeat_missed', 'isolated'),
    health: 'problem',
  },
  { key: 'critical', when: some, health: 'problem', words: 'critical_alerts' },
  { key: 'warning', when: some, health: 'warning', words: 'warning_alerts' },
  { key: 'unprotected', when: on, health: 'warning' },
  { key: 'unhealthy', when: some, health: 'warning', words: 'unhealthy_containers' },
  { key: 'lost', when: some, health: 'warning', words: 'lost_devices' },
  { key: 'usage', when: over(90), health: 'warning', words: 'almost_full' },
  { key: 'reboot_pending', when: on, health: 'warning' },
  { key: 'replaced', when: on, health: 'warning' },
  { key: 'throttle', when: oneOf('thermal', 'hardware', 'power_brake'), health: 'warning' },
];

/** Values of `state` of what is there and does nothing. */
const RESTING = ['stopped', 'exited', 'paused', 'suspended', 'created', 'removing', 'locked'];

/** The readings by which a thing of its kind is known to be well; without any, nothing tells. */
const TELLING = [
  'state',
  'problem',
  'connected',
  'connection',
  'power',
  'on',
  'health',
  'enabled',
  'here',
].concat(['loaded', 'quorum', 'utilization', 'vlan', 'clients', 'total', 'running']);

/** Whether there is a reading by which it could be known to be well. */
export const tells = (readings: Readings): boolean => TELLING.some((key) => key in readings);

/** How a thing is, and why it is not well. */
export function healthOf({ readings, available }: Pick<Bare, 'readings' | 'available'>): {
  readonly health: Health;
  readonly because: readonly Reason[];
} {
  if (!available) return { health: 'away', because: [{ key: 'unreachable' }] };
  const found = SIGNS.filter(({ key, when }) => when(readings[key]?.value ?? null, readings));
  const health = ['problem', 'warning', 'away'].find((each) => found.some((sign) => sign.health === each));
  if (health !== undefined) {
    return {
      health: health as Health,
      because: found.map(({ key, words = key, more }) => ({ key: words, of: readings[more ?? key] })),
    };
  }
  return { health: calm(readings), because: [] };
}

function calm(readings: Readings): Health {
  const { state, power, enabled, on: lit, here, loaded } = readings;
  if (typeof state?.value === 'string') return RESTING.includes(state.value) ? 'off' : 'ok';
  if ([power, enabled, lit, here, loaded].some((each) => each?.value === false)) return 'off';
  return TELLING.some((key) => (readings[key]?.value ?? null) !== null) ? 'ok' : 'unknown';
}

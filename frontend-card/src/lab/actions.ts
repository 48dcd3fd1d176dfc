import { is, str, type Thing } from './thing.ts';

/** What an action may cost if it was not meant; decides how it is confirmed. */
export type Risk = 'operate' | 'disrupt' | 'provision' | 'destroy';

/** Something that can be done to a thing where one looks at it. */
export interface Deed {
  /** Words for it: `deed_<key>`, and what it means: `means_<key>`. */
  readonly key: string;
  /** What it is called, where there are no words for it. */
  readonly title?: string;
  /** As the app calls it. */
  readonly action: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly risk: Risk;
  readonly icon: string;
  readonly kinds: readonly string[];
  /** Whether it makes sense now. */
  readonly when?: (thing: Thing) => boolean;
  /** It does no harm and is taken back as easily: done at once. */
  readonly atOnce?: true;
  /** The key of the entity that does the same, and what it is told: for who does not have the integration. */
  readonly control?: readonly [key: string, service: string];
}

const runs = (thing: Thing): boolean => is(thing, 'power') || str(thing, 'state') === 'running';
const rests = (thing: Thing): boolean => ['stopped', 'exited', 'created'].includes(str(thing, 'state') ?? '');
const MACHINES = ['guest', 'container'];

/** Everything that is offered, in this order; what is riskier than `operate` only to administrators. */
export const DEEDS: readonly Deed[] = [
  {
    ...{ key: 'start', action: 'set_power', input: { power: 'on' }, risk: 'operate', icon: 'power' },
    ...{ kinds: MACHINES, when: rests, atOnce: true, control: ['power', 'turn_on'] },
  },
  {
    ...{
      key: 'resume',
      action: 'guest_resume',
      risk: 'operate',
      icon: 'power',
      kinds: ['guest'],
      atOnce: true,
    },
    ...{
      when: (thing) => ['paused', 'suspended'].includes(str(thing, 'state') ?? ''),
      control: ['resume', 'press'],
    },
  },
  {
    ...{ key: 'stop', action: 'set_power', input: { power: 'off' }, risk: 'operate', icon: 'power' },
    ...{ kinds: MACHINES, when: runs, control: ['power', 'turn_off'] },
  },
  {
    ...{ key: 'restart', action: 'restart', risk: 'operate', icon: 'restart', kinds: MACHINES, when: runs },
    control: ['restart', 'press'],
  },
  {
    ...{ key: 'start_stack', action: 'set_power', input: { power: 'on' }, risk: 'operate', icon: 'power' },
    ...{
      kinds: ['stack'],
      when: (thing) => thing.readings.running?.value === 0,
      control: ['start', 'press'],
    },
  },
  {
    ...{ key: 'stop_stack', action: 'set_power', input: { power: 'off' }, risk: 'operate', icon: 'power' },
    ...{ kinds: ['stack'], when: (thing) => thing.readings.running?.value !== 0, control: ['stop', 'press'] },
  },
  {
    ...{ key: 'restart_stack', action: 'restart', risk: 'operate', icon: 'restart', kinds: ['stack'] },
    control: ['restart', 'press'],
  },
  {
    ...{ key: 'snapshot', action: 'snapshot', risk: 'operate', icon: 'camera', kinds: ['guest'] },
    control: ['snapshot_now', 'press'],
  },
  {
    ...{ key: 'backup', action: 'backup_now', risk: 'operate', icon: 'save', kinds: ['guest'] },
    control: ['backup_now', 'press'],
  },
  {
    ...{
      key: 'update',
      action: 'image_update',
      risk: 'provision',
      icon: 'update',
      kinds: ['container', 'stack'],
    },
    ...{ when: (thing) => is(thing, 'image_update'), control: ['image_update', 'install'] },
  },
  {
    ...{
      key: 'acknowledge',
      action: 'acknowledge_alerts',
      risk: 'operate',
      icon: 'check',
      kinds: ['monitor'],
    },
    ...{
      when: (thing) => thing.readings.alerts?.value !== 0,
      atOnce: true,
      control: ['acknowledge', 'press'],
    },
  },
  {
    ...{ key: 'load', action: 'load_model', risk: 'operate', icon: 'power', kinds: ['speech'] },
    ...{ when: (thing) => !is(thing, 'loaded'), atOnce: true, control: ['load', 'press'] },
  },
  {
    ...{ key: 'unload', action: 'unload_model', risk: 'operate', icon: 'power', kinds: ['speech'] },
    ...{ when: (thing) => is(thing, 'loaded'), control: ['unload', 'press'] },
  },
  {
    ...{ key: 'force_stop', action: 'guest_force_stop', risk: 'disrupt', icon: 'power', kinds: ['guest'] },
    ...{ when: runs, control: ['force_stop', 'press'] },
  },
  {
    ...{ key: 'kill', action: 'container_kill', risk: 'disrupt', icon: 'power', kinds: ['container'] },
    ...{ when: runs, control: ['kill', 'press'] },
  },
  {
    ...{ key: 'maintenance', action: 'node_maintenance', risk: 'disrupt', icon: 'wrench', kinds: ['node'] },
    control: ['maintenance', 'press'],
  },
  {
    ...{ key: 'reboot', action: 'node_reboot', risk: 'disrupt', icon: 'restart', kinds: ['node'] },
    control: ['reboot', 'press'],
  },
  {
    ...{ key: 'node_shutdown', action: 'node_shutdown', risk: 'disrupt', icon: 'power', kinds: ['node'] },
    control: ['shutdown', 'press'],
  },
  {
    ...{
      key: 'server_on',
      action: 'server_on',
      risk: 'operate',
      icon: 'power',
      kinds: ['server'],
      atOnce: true,
    },
    ...{ when: (thing) => thing.readings.on?.value === false, control: ['power_on', 'press'] },
  },
  {
    ...{
      key: 'server_shutdown',
      action: 'server_shutdown',
      risk: 'disrupt',
      icon: 'power',
      kinds: ['server'],
    },
    ...{ when: (thing) => is(thing, 'on'), control: ['shutdown', 'press'] },
  },
  {
    ...{ key: 'network_restart', action: 'network_restart', risk: 'disrupt', icon: 'restart' },
    ...{ kinds: ['gateway', 'switch', 'accesspoint'], control: ['restart', 'press'] },
  },
  {
    key: 'force_off',
    action: 'server_force_off',
    risk: 'destroy',
    icon: 'power',
    kinds: ['server'],
    when: (thing) => is(thing, 'on'),
  },
  {
    key: 'delete_guest',
    action: 'delete_guest',
    risk: 'destroy',
    icon: 'trash',
    kinds: ['guest'],
    when: rests,
  },
  { key: 'remove_stack', action: 'remove_stack', risk: 'destroy', icon: 'trash', kinds: ['stack'] },
];

/** What may be done to a thing, by whoever looks at it. */
export function deedsFor(
  thing: Thing,
  may: { readonly administrator: boolean; readonly has: (action: string) => boolean },
): readonly Deed[] {
  if (thing.health === 'away') return [];
  return DEEDS.filter((deed) => {
    const { kinds, when, risk, control, action } = deed;
    if (!kinds.includes(thing.kind) || when?.(thing) === false) return false;
    if (risk !== 'operate' && !may.administrator) return false;
    // What cannot be switched has no switch: a proxy before the engine does not let it through, say.
    if (control?.[0] === 'power' && thing.readings.power === undefined) return false;
    return may.has(action) || (control !== undefined && thing.readings[control[0]]?.entity !== undefined);
  });
}

import { may } from '../access.ts';
import { badParameters, forbidden } from '../errors.ts';
import type { SimGuest } from '../guest.ts';
import {
  flag,
  isSet,
  numberOf,
  ofGuest,
  oneOf,
  optional,
  type Parameters,
  text,
  type Values,
  whole,
} from '../parameters.ts';
import { reboot, reset, resume, type Shutdown, shutdown, start, stop, suspend } from '../power.ts';
import type { GuestType } from '../spec.ts';
import type { SimTask } from '../tasks.ts';
import { checkRootOnly } from './guests.ts';
import { type Call, guestOf, type Method, perm } from './method.ts';

const skiplock: Parameters = { skiplock: optional(flag) };
const seconds: Parameters = { timeout: optional(whole(0)) };

interface Asked {
  readonly who: Call['who'];
  readonly cluster: Call['cluster'];
  readonly guest: SimGuest;
  readonly user: string;
}

const power = (
  type: GuestType,
  command: string,
  parameters: Parameters,
  run: (asked: Asked, values: Values) => SimTask,
  rootOnly: readonly string[] = ['skiplock'],
): Method => ({
  method: 'POST',
  path: `/nodes/{node}/${type}/{vmid}/status/${command}`,
  parameters: { ...ofGuest, ...parameters },
  permission: perm('/vms/{vmid}', 'VM.PowerMgmt'),
  proxied: true,
  run: (call) => {
    const { cluster, who, values } = call;
    checkRootOnly(call, ...rootOnly);
    return run({ who, cluster, guest: guestOf(call, type), user: who.id }, values).upid;
  },
});

const how = (values: Values): Shutdown => ({
  timeout: numberOf(values, 'timeout'),
  forceStop: isSet(values, 'forceStop'),
});

const starts = (asked: Asked, values: Values): SimTask =>
  start(asked, { skiplock: isSet(values, 'skiplock') });

const stops = (asked: Asked, values: Values): SimTask => {
  const overrule = isSet(values, 'overrule-shutdown');
  if (overrule && asked.guest.spec.ha !== undefined) {
    throw badParameters({ 'overrule-shutdown': 'Not applicable for HA resources.' });
  }
  return stop(asked, { overrule });
};

/** Parameters with which one node's workers call another's. */
const AMONG_NODES: Parameters = {
  migratedfrom: optional(text),
  migration_network: optional(text),
  migration_type: optional(oneOf('secure', 'insecure')),
  'nets-host-mtu': optional(text),
  stateuri: optional({ type: 'string', maxLength: 128 }),
  targetstorage: optional(text),
  'with-conntrack-state': optional(flag),
  'force-cpu': optional(text),
};

export const POWER_METHODS: readonly Method[] = [
  power('qemu', 'start', { ...AMONG_NODES, ...skiplock, ...seconds, machine: optional(text) }, starts, [
    'skiplock',
    ...Object.keys(AMONG_NODES),
  ]),
  power(
    'qemu',
    'stop',
    {
      ...skiplock,
      ...seconds,
      keepActive: optional(flag),
      migratedfrom: optional(text),
      'overrule-shutdown': optional(flag),
    },
    stops,
    ['skiplock', 'keepActive', 'migratedfrom'],
  ),
  power(
    'qemu',
    'shutdown',
    { ...skiplock, ...seconds, forceStop: optional(flag), keepActive: optional(flag) },
    (asked, values) => shutdown(asked, how(values)),
    ['skiplock', 'keepActive'],
  ),
  power('qemu', 'reboot', seconds, (asked, values) => reboot(asked, how(values))),
  power('qemu', 'reset', skiplock, reset),
  power(
    'qemu',
    'suspend',
    { ...skiplock, statestorage: optional(text), todisk: optional(flag) },
    (asked, values) => {
      const toDisk = isSet(values, 'todisk');
      // Looked up by its code.
      const path = `/vms/${asked.guest.vmid}`;
      if (toDisk && !may(asked.who, path, 'VM.Config.Disk')) throw forbidden(`${path}, VM.Config.Disk`);
      return suspend(asked, toDisk);
    },
  ),
  power('qemu', 'resume', { ...skiplock, nocheck: optional(flag) }, resume, ['skiplock', 'nocheck']),
  power('lxc', 'start', { ...skiplock, debug: optional(flag) }, starts),
  power('lxc', 'stop', { ...skiplock, 'overrule-shutdown': optional(flag) }, stops),
  power('lxc', 'shutdown', { ...seconds, forceStop: optional(flag) }, (asked, values) =>
    shutdown(asked, how(values)),
  ),
  power('lxc', 'reboot', seconds, (asked, values) => reboot(asked, how(values))),
  power('lxc', 'suspend', {}, (asked) => suspend(asked, false)),
  power('lxc', 'resume', {}, resume),
];

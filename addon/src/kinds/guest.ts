import Type from 'typebox';
import { AGENT, aboutRows } from './guest-about.ts';
import { controlRows } from './guest-controls.ts';
import { loadRows, STATES } from './guest-load.ts';
import { protectionReadings, protectionRows } from './guest-protection.ts';
import { outcome } from './outcome.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, rate, text } from './schema.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });
/** Left out: it cannot be done, or Labkeeper may not do it. */
const can = (description: string) => Type.Optional(Type.Literal(true, { description }));

/** A virtual machine or system container of a hypervisor. One that does not run uses nothing: its numbers are 0. */
export const guest = defineKind({
  kind: 'guest',
  title: { en: 'Guest', de: 'Gast' },
  readings: Type.Object({
    on: flag('it is not switched off; null while unknown'),
    state: oneOf(
      STATES,
      'as its node reports it; “locked” does not run and cannot be started, “error” is a machine that stands still',
    ),
    qemu_state: Type.Optional(text('QEMU’s own word for the state of a virtual machine')),
    lock: text('what keeps it locked, as in “backup”, else “none”; null while unknown'),
    cpu: number('CPU time used, of all its virtual CPUs', '%'),
    cpus: integer('virtual CPUs'),
    memory: number('memory in use, as the guest sees it', 'GiB'),
    memory_host: Type.Optional(number('memory of the node that it takes, with what runs it', 'GiB')),
    memory_total: number('memory that it may use', 'GiB'),
    disk: Type.Optional(
      number('used of a container’s root disk, or of all file systems that a machine’s agent tells', 'GiB'),
    ),
    disk_usage: Type.Optional(number('used part of what `disk` counts', '%')),
    disk_total: number('size of its root disk', 'GiB'),
    network_received: rate('received over its networks'),
    network_sent: rate('sent over its networks'),
    disk_read: rate('read from its disks'),
    disk_written: rate('written to its disks'),
    started: text('time of the last start, ISO 8601; null while it does not run'),
    node: text('node that it is on'),
    ip: Type.Optional(text('address that others reach it at; null while unknown, “none” without one')),
    ips: Type.Optional(text('all addresses that others reach it at')),
    os: text('operating system: as its agent says, else as it was set up'),
    agent: Type.Optional(
      oneOf(AGENT, 'agent of a virtual machine; “off” where none is configured, null while unknown'),
    ),
    high_availability: Type.Optional(text('state in high availability, where that looks after it')),
    on_boot: flag('it starts with its node; null while unknown'),
    protection: flag('it and its disks cannot be removed; null while unknown'),
    tags: text('its tags, else “none”'),
    pool: Type.Optional(text('pool that it is in')),
    pending: flag('settings change when it starts anew; null while unknown'),
    pending_changes: text('the settings that change when it starts anew, else “none”; null while unknown'),
    snapshots: integer('snapshots that it has; null while unknown'),
    snapshot_latest: text('time of the latest snapshot, ISO 8601; null without one'),
    snapshot_oldest: text('time of the oldest snapshot, ISO 8601; null without one'),
    snapshot_list: Type.Optional(
      Type.Array(
        Type.Object({
          key: Type.String({ description: 'its name' }),
          title: Type.String({ description: 'its name' }),
          taken: text('when it was made, ISO 8601'),
          memory: Type.Boolean({ description: 'it holds the guest’s memory as well' }),
          about: text('what people wrote down with it, else “none”'),
          parent: text('the one that it was made after, else “none”'),
        }),
        { description: 'its snapshots, the first one first; left out while unknown' },
      ),
    ),
    passthrough: text('devices of the node that it has for itself, else “none”; null while unknown'),
    pci_devices: Type.Optional(
      Type.Array(
        Type.Object({
          key: Type.String({ description: 'its line of the configuration, as in “hostpci0”' }),
          title: Type.String({ description: 'what it asks for' }),
          mapping: Type.Optional(text('mapping of the cluster')),
          addresses: Type.Optional(text('addresses on the node’s bus')),
          pcie: Type.Boolean({ description: 'passed through as PCI Express' }),
          q35: Type.Boolean({ description: 'the machine is a q35' }),
          ovmf: Type.Boolean({ description: 'it boots by UEFI' }),
        }),
        { description: 'PCI devices of the node that it has for itself; left out while unknown' },
      ),
    ),
    switchable: can('it can be started, ended and restarted'),
    pausable: can('it can be suspended, resumed and reset'),
    hibernatable: can('its memory can be kept on disk while it is off'),
    snapshotable: can('it can be frozen as a snapshot'),
    backupable: can('it can be backed up'),
    ...protectionReadings,
  }),
  rows: [...controlRows, ...loadRows, ...aboutRows, ...protectionRows, outcome],
});

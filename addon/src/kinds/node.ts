import Type from 'typebox';
import { conditionRows } from './node-condition.ts';
import { controlRows } from './node-controls.ts';
import { loadRows, SUBSCRIPTIONS } from './node-rows.ts';
import { shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, rate, text } from './schema.ts';
import { jobItems, workReadings, workRows } from './work.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });
const key = Type.String({ description: 'its name in topics; never changes' });
const title = Type.String({ description: 'what the node calls it' });

/** A machine that runs guests. */
export const node = defineKind({
  kind: 'node',
  title: { en: 'Node', de: 'Knoten' },
  readings: Type.Object({
    cpu: number('CPU time used, of all its cores', '%'),
    io_wait: number('time in which processors waited for disks', '%'),
    load: number('processes that run or wait, average of a minute', ''),
    load_5: number('processes that run or wait, average of five minutes', ''),
    load_15: number('processes that run or wait, average of fifteen minutes', ''),
    memory: number('memory in use; the cache of ZFS counts', 'GiB'),
    memory_total: number('memory installed', 'GiB'),
    arc: number(
      'of that, cache of ZFS: it makes room where memory is needed; unknown where nobody tells',
      'GiB',
    ),
    memory_without_arc: number('memory in use without the cache of ZFS', 'GiB'),
    pressure_cpu: Type.Optional(number('time in which something waited for processors', '%')),
    pressure_io: Type.Optional(number('time in which something waited for disks', '%')),
    pressure_memory: Type.Optional(number('time in which something waited for memory', '%')),
    network_received: Type.Optional(rate('received over its network cards, over a minute')),
    network_sent: Type.Optional(rate('sent over its network cards, over a minute')),
    swap: number('swap space in use', 'GiB'),
    swap_total: number('swap space', 'GiB'),
    disk: number('used of the file system of the system itself', 'GiB'),
    disk_total: number('size of the file system of the system itself', 'GiB'),
    guests_running: integer('guests on it that run'),
    guests: integer('guests on it'),
    version: text('version of the hypervisor'),
    kernel: text('version of its kernel'),
    started: text('time of the last start, ISO 8601'),
    can_power: Type.Optional(Type.Literal(true, { description: 'it may be rebooted and switched off' })),
    can_wake: Type.Optional(Type.Literal(true, { description: 'another node may wake it' })),
    can_run_guests: Type.Optional(
      Type.Literal(true, { description: 'all of its guests may be started and stopped' }),
    ),
    peers: Type.Optional(integer('other nodes of its cluster that run')),
    update_version: Type.Optional(
      text('version after an update; the installed one while nothing is to be updated'),
    ),
    update_summary: Type.Optional(text('packages that can be updated')),
    updates: Type.Optional(integer('packages that can be updated')),
    reboot_pending: flag('a newer kernel is installed than the one that runs; null while unknown'),
    services_problem: flag('a service of the hypervisor has failed; null while unknown'),
    services_failed: text('the services that have failed, else “none”'),
    links_problem: flag('a network link that shall be up is down; null while unknown'),
    links_down: text('the links that shall be up and are down, else “none”'),
    links: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          up: Type.Boolean({ description: 'it is switched on; whether a cable is in it is not told' }),
          type: Type.String({ description: '“eth”, “bridge”, “bond” …' }),
          address: Type.Union([Type.String(), Type.Null()], { description: 'with prefix' }),
          ports: Type.Union([Type.String(), Type.Null()], { description: 'of a bridge or bond' }),
        }),
        { description: 'network cards, bridges and bonds' },
      ),
    ),
    certificate_expires: text('time at which the certificate that its server shows ends, ISO 8601'),
    subscription: oneOf([...SUBSCRIPTIONS], 'state of the subscription'),
    cpu_temperature: Type.Optional(number('of the hottest processor', '°C')),
    temperatures: Type.Optional(
      Type.Array(Type.Object({ key, title, temperature: number('of that place', '°C') })),
    ),
    zfs_problem: Type.Optional(flag('a pool of ZFS is not whole; null while unknown')),
    zfs_trouble: Type.Optional(text('the pools that are not whole, as in “tank: degraded”, else “none”')),
    ...workReadings,
    cards: Type.Optional(
      Type.Array(
        Type.Object({
          key: Type.String({ description: 'its address on the bus, as a name in topics' }),
          title: Type.String({ description: 'what it is, by the list of PCI devices' }),
          address: Type.String({ description: 'where it is on the bus, as in “0000:01:00.0”' }),
          device: Type.String({ description: 'vendor and device, as in “10de:2204”' }),
          iommu_group: integer('group that it can be passed through with; −1: there are none'),
          mates: text('other devices of its group, else “none”'),
          mappings: text('mappings of the cluster that name it, else “none”; null: they may not be read'),
        }),
        { description: 'graphics cards in its slots' },
      ),
    ),
  }),
  rows: [...loadRows, ...conditionRows, ...controlRows, ...workRows],
  items: [
    jobItems,
    {
      list: 'links',
      rows: [
        {
          key: 'up',
          ...shownAs.connected,
          reading: 'up',
          name: null,
          level: 'all',
          category: 'diagnostic',
        },
      ],
    },
    {
      list: 'temperatures',
      rows: [
        {
          key: 'temperature',
          ...shownAs.temperature(2),
          reading: 'temperature',
          name: { en: 'temperature', de: 'Temperatur' },
          level: 'all',
          category: 'diagnostic',
        },
      ],
    },
  ],
});

import { backup } from './backup.ts';
import type { ProxmoxCluster } from './cluster.ts';
import type { PendingPackage } from './condition.ts';
import type { SimGuest } from './guest.ts';
import { type Load, living } from './load.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

interface Range {
  readonly least: Partial<Load>;
  readonly most: Partial<Load>;
}

/** By name; who is not in it lives quietly. */
const RANGES: Readonly<Record<string, Range>> = {
  homeassistant: {
    least: { cpu: 0.04, memory: 0.52, netin: 6_000, netout: 4_000, diskwrite: 90_000 },
    most: { cpu: 0.45, memory: 0.63, netin: 80_000, netout: 60_000, diskwrite: 400_000 },
  },
  'docker-host': {
    least: { cpu: 0.06, memory: 0.44, netin: 20_000, netout: 15_000, diskwrite: 120_000 },
    most: { cpu: 0.72, memory: 0.71, netin: 9 * MIB, netout: 6 * MIB, diskread: 4 * MIB, diskwrite: 9 * MIB },
  },
  'dev-test': {
    least: { cpu: 0.01, memory: 0.18 },
    most: { cpu: 0.9, memory: 0.6, netin: 2 * MIB, diskread: 12 * MIB, diskwrite: 20 * MIB },
  },
  pulse: { least: { cpu: 0.02, memory: 0.16 }, most: { cpu: 0.12, memory: 0.22, netin: 30_000 } },
};
const QUIET: Range = { least: { cpu: 0.01, memory: 0.2 }, most: { cpu: 0.3, memory: 0.45, netin: 200_000 } };

/** How a backup ends that does not end well. */
const FAILURES = [
  'job failed with err -28 - No space left on device',
  "VM 101 qmp command 'guest-fsfreeze-freeze' failed - got timeout",
  'command zstd failed: zstd: error 70 : Write error : cannot write block : Input/output error',
];
const NIGHTS_REMEMBERED = 7;
/** Before today. */
const FAILED_NIGHT = 3;

/** What a lab is always behind with. */
const PENDING: readonly PendingPackage[] = [
  { name: 'pve-manager', title: 'Proxmox VE management tools', from: '9.1.1', to: '9.1.4' },
  { name: 'pve-container', title: 'Proxmox VE container management tool', from: '6.0.18', to: '6.0.19' },
  {
    name: 'libssl3t64',
    title: 'Secure Sockets Layer toolkit',
    from: '3.5.1-1',
    to: '3.5.4-1',
    origin: 'Debian',
  },
];

/** Which storage is backed up to. */
const TARGET = 'backup';

export interface Life {
  /** Between one backup and the next. Default 25 minutes: in a demo nobody waits for the night. */
  readonly backupEveryMs?: number;
  /** One in so many backups fails. Default 4. */
  readonly failsOneIn?: number;
}

/**
 * Gives a cluster something to do, and something to go wrong: loads, a past of tasks, backups that fail now and then,
 * small tasks as people and the system itself start them.
 *
 * @returns how to end it
 */
export function bringToLife(cluster: ProxmoxCluster, life: Life = {}): () => void {
  const { backupEveryMs = 25 * MINUTE, failsOneIn = 4 } = life;
  for (const guest of cluster.guests) {
    const { least, most } = RANGES[guest.name] ?? QUIET;
    cluster.setLoad(guest.vmid, living(least, most, guest.vmid));
  }
  for (const { name, condition } of cluster.nodes) {
    remember(cluster, name);
    condition.pending = PENDING;
  }
  cluster.broadcast.tell();
  const stopBackups = repeat(cluster, backupEveryMs, () => backUpOne(cluster, failsOneIn));
  const stopChores = repeat(cluster, 7 * MINUTE, () => chore(cluster));
  return () => {
    stopBackups();
    stopChores();
  };
}

function repeat({ clock }: ProxmoxCluster, ms: number, run: () => void): () => void {
  let cancel = clock.after(ms, next);
  function next(): void {
    run();
    cancel = clock.after(ms, next);
  }
  return () => cancel();
}

function backUpOne(cluster: ProxmoxCluster, failsOneIn: number): void {
  const { chance } = cluster;
  const guests = cluster.guests.filter(
    ({ node, spec }) => cluster.node(node).online && spec.template !== true,
  );
  const guest = guests[Math.floor(chance.next() * guests.length)];
  if (guest === undefined) return;
  const fails = chance.next() * failsOneIn < 1;
  const reason = FAILURES[Math.floor(chance.next() * FAILURES.length)]?.replace('101', String(guest.vmid));
  backup(cluster, {
    node: guest.node,
    user: 'root@pam',
    storage: TARGET,
    vmid: guest.vmid,
    failure: () => (fails ? reason : undefined),
  });
}

/** What a node does beside, and what somebody at the web page does. */
function chore(cluster: ProxmoxCluster): void {
  const { chance, nodes, guests } = cluster;
  const up = nodes.filter(({ online }) => online);
  const node = up[Math.floor(chance.next() * up.length)];
  if (node === undefined) return;
  const guest = guests.find((each) => each.node === node.name && each.running);
  const looks = guest !== undefined && chance.next() < 0.5;
  cluster.tasks.start({
    node: node.name,
    type: looks ? 'vncproxy' : 'aptupdate',
    id: looks ? String(guest.vmid) : '',
    user: 'root@pam',
    run: async (task) => {
      if (!looks) task.say('starting apt-get update');
      await task.pause(looks ? 45_000 : 6_000);
    },
  });
}

/** The nights before: a backup each, one of which went wrong. */
function remember(cluster: ProxmoxCluster, node: string): void {
  const now = cluster.clock.now();
  const guests = cluster.guestsOn(node).filter(({ spec }) => spec.template !== true);
  const [first] = guests;
  if (first === undefined) return;
  for (let night = NIGHTS_REMEMBERED; night >= 1; night -= 1) {
    const at = Math.floor(now / DAY) * DAY - (night - 1) * DAY + 2 * 60 * MINUTE;
    // Tonight's may still be to come.
    if (at + 60 * MINUTE > now || at < cluster.node(node).bootedAt) continue;
    const failed = night === FAILED_NIGHT ? first : undefined;
    const work = { node, type: 'vzdump', id: '', user: 'root@pam' };
    const log = nightLog(guests, failed, at);
    cluster.tasks.remember(work, at, 22 * MINUTE, failed === undefined ? 'OK' : 'job errors', log);
  }
}

function nightLog(guests: readonly SimGuest[], failed: SimGuest | undefined, at: number): readonly string[] {
  const stamp = (offset: number): string =>
    new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ');
  const start = `INFO: starting new backup job: vzdump --all 1 --mode snapshot --compress zstd --storage ${TARGET}`;
  const one = (guest: SimGuest, index: number): readonly string[] => {
    const { kind, vmid, type, name, spec } = guest;
    const begin = index * 5 * MINUTE;
    const head = [
      `INFO: Starting Backup of ${kind} ${vmid} (${type})`,
      `INFO: Backup started at ${stamp(begin)}`,
      `INFO: ${kind} Name: ${name}`,
      'INFO: backup mode: snapshot',
    ];
    if (guest === failed) {
      return [
        ...head,
        `ERROR: Backup of ${kind} ${vmid} failed - ${FAILURES[0]}`,
        `INFO: Failed at ${stamp(begin + 90_000)}`,
      ];
    }
    const size = ((spec.disk / GIB) * 0.31).toFixed(2);
    return [
      ...head,
      `INFO: archive file size: ${size}GB`,
      `INFO: Finished Backup of ${kind} ${vmid} (00:04:11)`,
    ];
  };
  const end = `INFO: Backup job finished ${failed === undefined ? 'successfully' : 'with errors'}`;
  return [start, ...guests.flatMap(one), end];
}

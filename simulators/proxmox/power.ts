import type { ProxmoxCluster } from './cluster.ts';
import { died } from './errors.ts';
import type { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import type { SimTask } from './tasks.ts';

/** A graceful shutdown that names no timeout gets this long. */
const SHUTDOWN_S = 60;
const STOP_MS = 1_000;

interface Asked {
  readonly cluster: ProxmoxCluster;
  readonly guest: SimGuest;
  /** Whose task it becomes. */
  readonly user: string;
}

export interface Shutdown {
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly forceStop?: boolean;
}

/** What power does to a guest; each returns its task at once and throws what is refused before there is one. */
export function start(asked: Asked, { byHa = false, skiplock = false } = {}): SimTask {
  const { guest, cluster } = asked;
  cluster.checkQuorum();
  if (guest.type === 'lxc' && guest.running) throw died(`CT ${guest.vmid} already running`);
  if (managed(guest) && !byHa) {
    return work(asked, 'hastart', async (task) => {
      task.say(`Requesting HA start for ${guest.kind} ${guest.vmid}`);
      await task.pause(1_000);
      later(cluster, 4_000, () => start({ ...asked, user: 'root@pam' }, { byHa: true }));
    });
  }
  return work(asked, guest.type === 'qemu' ? 'qmstart' : 'vzstart', (task) =>
    holding(task, guest, async () => {
      if (guest.running) throw new Error(`${guest.kind} ${guest.vmid} already running`);
      if (!skiplock && guest.lock !== 'suspended') checkLock(guest);
      if (guest.spec.template === true) throw new Error("you can't start a vm if it's a template");
      await task.pause(guest.spec.startMs ?? (guest.type === 'qemu' ? 2_500 : 1_500));
      if (guest.startError !== undefined) throw new Error(guest.startError);
      run(cluster, guest);
    }),
  );
}

export function stop(asked: Asked, { overrule = false } = {}): SimTask {
  const { cluster, guest } = asked;
  checkContainerRuns(guest);
  if (managed(guest)) return haStop(asked, () => stopNow(asked, false));
  return stopNow(asked, overrule && stopsShutdowns(cluster, guest));
}

export function shutdown(asked: Asked, how: Shutdown = {}): SimTask {
  const { guest } = asked;
  checkContainerRuns(guest);
  if (guest.paused && how.forceStop !== true) throw died('VM is paused - cannot shutdown');
  if (managed(guest)) return haStop(asked, () => shutdownNow(asked, how));
  return shutdownNow(asked, how);
}

export function reboot(asked: Asked, how: Shutdown = {}): SimTask {
  const { cluster, guest } = asked;
  if (guest.paused) throw died('VM is paused - cannot shutdown');
  // Containers are told in the same words.
  if (!guest.running) throw died(`VM ${guest.vmid} not running`);
  const kind = guest.type === 'qemu' ? 'qmreboot' : 'vzreboot';
  return work(asked, kind, async (task) => {
    await holding(task, guest, () => endGracefully(task, cluster, guest, how));
    if (guest.type === 'lxc') {
      await task.pause(guest.spec.startMs ?? 1_500);
      run(cluster, guest);
      return;
    }
    // The event daemon sees the VM end, and starts it again.
    later(cluster, 1_000, () => start({ cluster, guest, user: 'root@pam' }, { byHa: true }));
  });
}

/** Presses the reset button: QEMU and its uptime go on. */
export function reset(asked: Asked): SimTask {
  checkVmRuns(asked.guest);
  return work(asked, 'qmreset', (task) =>
    holding(task, asked.guest, async () => {
      checkLock(asked.guest);
      await task.pause(300);
    }),
  );
}

export function suspend(asked: Asked, toDisk: boolean): SimTask {
  const { cluster, guest } = asked;
  if (guest.type === 'lxc') return checkpoint(asked, 'vzsuspend', '-s');
  checkVmRuns(guest);
  return work(asked, toDisk ? 'qmsuspend' : 'qmpause', (task) =>
    holding(task, guest, async () => {
      checkLock(guest);
      guest.count(cluster.clock.now());
      if (!toDisk) {
        await task.pause(300);
        guest.paused = true;
        return;
      }
      guest.lock = 'suspending';
      await task.pause(8_000);
      guest.stopped();
      guest.lock = 'suspended';
    }),
  );
}

export function resume(asked: Asked): SimTask {
  const { cluster, guest } = asked;
  if (guest.type === 'lxc') return checkpoint(asked, 'vzresume', '-r');
  const fromDisk = guest.lock === 'suspended';
  if (!fromDisk) checkVmRuns(guest);
  return work(asked, 'qmresume', (task) =>
    holding(task, guest, async () => {
      await task.pause(fromDisk ? 5_000 : 300);
      if (fromDisk) run(cluster, guest);
      guest.count(cluster.clock.now());
      guest.paused = false;
    }),
  );
}

function stopNow(asked: Asked, overruled: boolean | string): SimTask {
  const { guest } = asked;
  return work(asked, guest.type === 'qemu' ? 'qmstop' : 'vzstop', async (task) => {
    if (typeof overruled === 'string') task.say(overruled);
    await holding(task, guest, async () => {
      if (!guest.running) return;
      checkLock(guest);
      await task.pause(STOP_MS);
      guest.stopped();
    });
  });
}

function shutdownNow(asked: Asked, how: Shutdown): SimTask {
  const { cluster, guest } = asked;
  return work(asked, guest.type === 'qemu' ? 'qmshutdown' : 'vzshutdown', (task) =>
    holding(task, guest, () => endGracefully(task, cluster, guest, how)),
  );
}

async function endGracefully(
  task: SimTask,
  cluster: ProxmoxCluster,
  guest: SimGuest,
  { timeout = SHUTDOWN_S, forceStop = false }: Shutdown,
): Promise<void> {
  if (!guest.running) return;
  checkLock(guest);
  const needed = guest.spec.shutdownMs ?? (guest.type === 'qemu' ? 8_000 : 3_000);
  const patience = timeout * 1_000;
  if (!guest.ignoresShutdown && needed <= patience) {
    await task.pause(needed);
  } else {
    await task.pause(patience);
    if (!forceStop) throw new Error(timeoutOf(guest, timeout));
    task.warn(`${guest.kind} still running - terminating now with SIGTERM`);
    await task.pause(STOP_MS);
  }
  guest.count(cluster.clock.now());
  guest.stopped();
}

const timeoutOf = ({ type, vmid }: SimGuest, timeout: number): string =>
  type === 'qemu'
    ? 'VM quit/powerdown failed - got timeout'
    : `command 'lxc-stop -n ${vmid} --nokill --timeout ${timeout}' failed: exit code 1`;

/** High availability stops it by itself, a while after it was asked. */
function haStop(asked: Asked, then: () => SimTask): SimTask {
  const { cluster, guest } = asked;
  return work(asked, 'hastop', async (task) => {
    task.say(`Requesting HA stop for ${guest.kind} ${guest.vmid}`);
    await task.pause(1_000);
    later(cluster, 4_000, then);
  });
}

/** Containers can only be frozen to disk, and that with almost no container. */
function checkpoint(asked: Asked, kind: string, option: string): SimTask {
  const { vmid, running } = asked.guest;
  if (option === '-s' && !running) throw died(`CT ${vmid} not running`);
  if (option === '-r' && running) throw died(`CT ${vmid} already running`);
  return work(asked, kind, async (task) => {
    await task.pause(500);
    throw new Error(`command 'lxc-checkpoint -n ${vmid} ${option} -D /var/lib/vz/dump' failed: exit code 1`);
  });
}

function work({ cluster, guest, user }: Asked, type: string, run: (task: SimTask) => Promise<void>): SimTask {
  return cluster.tasks.start({ node: guest.node, type, id: String(guest.vmid), user, run });
}

function run(cluster: ProxmoxCluster, guest: SimGuest): void {
  if (guest.lock === 'suspended') guest.lock = undefined;
  guest.started(cluster.clock.now(), 1_000 + Math.floor(cluster.chance.next() * 4_000_000));
}

/** What the system does by itself has nobody to tell of an error. */
function later(cluster: ProxmoxCluster, ms: number, then: () => void): void {
  cluster.clock.after(ms, () => {
    try {
      then();
    } catch {}
  });
}

const managed = ({ spec: { ha } }: SimGuest): boolean => ha === 'started' || ha === 'stopped';

function checkContainerRuns({ type, vmid, running }: SimGuest): void {
  if (type === 'lxc' && !running) throw died(`CT ${vmid} not running`);
}

function checkVmRuns({ vmid, running }: SimGuest): void {
  if (!running) throw died(`VM ${vmid} not running`);
}

function stopsShutdowns({ tasks }: ProxmoxCluster, guest: SimGuest): string {
  const type = guest.type === 'qemu' ? 'qmshutdown' : 'vzshutdown';
  const running = tasks.all.filter(
    ({ about, running: runs }) => runs && about.type === type && about.id === String(guest.vmid),
  );
  for (const task of running) task.interrupt();
  return `overruled ${type} tasks: ${running.map(({ upid }) => upid).join(', ')}`;
}

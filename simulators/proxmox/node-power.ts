import type { ProxmoxCluster } from './cluster.ts';
import type { SimGuest } from './guest.ts';
import { shutdown, start } from './power.ts';
import type { SimTask } from './tasks.ts';

/** What the machine is asked over the API: it waits two seconds, then its services end, its guests with them. */
export function commandNode(cluster: ProxmoxCluster, name: string, command: 'reboot' | 'shutdown'): void {
  const node = cluster.node(name);
  const { clock } = cluster;
  node.cancelPower();
  node.cancelPower = clock.after(2_000, () => {
    stopAll(cluster, name, 'root@pam', {});
    node.cancelPower = clock.after(node.haltMs, () => {
      cluster.cut(name);
      if (command === 'reboot') node.cancelPower = clock.after(node.bootMs, () => boot(cluster, name));
    });
  });
}

/** Presses the power button of one that is off: guests that start with it follow. */
export function boot(cluster: ProxmoxCluster, name: string): void {
  cluster.restore(name);
  startAll(cluster, name, 'root@pam', {});
}

export interface Several {
  /** Left out: all on the node. */
  readonly vms?: readonly number[] | undefined;
  /** Starts also those that do not start with the node; stops those that do not hear. */
  readonly force?: boolean;
  /** Seconds that each gets to shut down. */
  readonly timeout?: number | undefined;
}

export function startAll(
  cluster: ProxmoxCluster,
  node: string,
  user: string,
  { vms, force = false }: Several,
): SimTask {
  return several(cluster, node, user, 'startall', async (task) => {
    const wanted = chosen(cluster, node, vms).filter(
      ({ spec, running }) => !running && spec.template !== true && (force || spec.onboot === true),
    );
    for (const guest of wanted) {
      task.say(`Starting ${guest.kind} ${guest.vmid}`);
      const child = attempt(task, () => start({ cluster, guest, user }));
      await ended(task, child);
      const status = child?.exitstatus;
      if (status !== undefined && status !== 'OK') {
        task.say(`Starting ${guest.kind} ${guest.vmid} failed: ${status}`);
      }
      // So that they do not all load their disks at once.
      if (guest.type === 'qemu') await task.pause(3_000);
    }
  });
}

export function stopAll(
  cluster: ProxmoxCluster,
  node: string,
  user: string,
  { vms, force = true, timeout = 180 }: Several,
): SimTask {
  return several(cluster, node, user, 'stopall', async (task) => {
    const wanted = chosen(cluster, node, vms).filter(({ running }) => running);
    const children = wanted.reverse().map((guest) => {
      task.say(`Stopping ${guest.kind} ${guest.vmid} (timeout = ${timeout} seconds)`);
      return attempt(task, () => shutdown({ cluster, guest, user }, { timeout, forceStop: force }));
    });
    for (const child of children) await ended(task, child);
  });
}

function several(
  cluster: ProxmoxCluster,
  node: string,
  user: string,
  type: string,
  run: (task: SimTask) => Promise<void>,
): SimTask {
  return cluster.tasks.start({ node, type, id: '', user, run });
}

const chosen = (cluster: ProxmoxCluster, node: string, vms: readonly number[] | undefined): SimGuest[] =>
  cluster.guestsOn(node).filter(({ vmid }) => vms?.includes(vmid) ?? true);

/** What one of them refuses does not keep the others. */
function attempt(task: SimTask, begin: () => SimTask): SimTask | undefined {
  try {
    return begin();
  } catch (thrown) {
    task.say((thrown as Error).message);
    return undefined;
  }
}

async function ended(task: SimTask, child: SimTask | undefined): Promise<void> {
  while (child?.running === true) await task.pause(1_000);
}

import type { Reply } from '../../simulators/proxmox/client.ts';
import { Caller } from '../../simulators/proxmox/client.ts';
import {
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  type ProxmoxSimulator,
  startProxmoxSimulator,
  threeNodeCluster,
} from '../../simulators/proxmox/index.ts';
import type { SimulatorOptions } from '../../simulators/proxmox/server.ts';
import { FakeClock } from './fake-clock.ts';

export interface ProxmoxWorld {
  readonly clock: FakeClock;
  readonly cluster: ProxmoxCluster;
  readonly simulator: ProxmoxSimulator;
  /** With the operator's token, at the first node. */
  readonly caller: Caller;
}

/** Runs with a simulated cluster on the wire whose time the test lets pass, and takes it down. */
export async function withProxmox(
  run: (world: ProxmoxWorld) => Promise<void>,
  make: (clock: FakeClock) => ProxmoxCluster = (clock) => threeNodeCluster({ clock }),
  options: Omit<SimulatorOptions, 'cluster'> = {},
): Promise<void> {
  const clock = new FakeClock();
  const cluster = make(clock);
  const simulator = await startProxmoxSimulator({ cluster, ...options });
  try {
    await run({ clock, cluster, simulator, caller: new Caller(simulator, OPERATOR_TOKEN) });
  } finally {
    await simulator.close();
  }
}

/** Status and message of a refusal, as in its status line. */
export const refusal = ({ status, message }: Reply): string => `${status} ${message}`;

/** A row of `GET /cluster/resources`. */
export type Row = Readonly<Record<string, string | number | undefined>>;

export async function rowOf(caller: Caller, id: string): Promise<Row | undefined> {
  const rows = await caller.get<readonly Row[]>('/cluster/resources');
  return rows.find((row) => row.id === id);
}

/** How a task is, and once it ended how it went. */
export async function statusOf(
  caller: Caller,
  upid: string,
): Promise<{ status: string; exitstatus?: string }> {
  const [, node] = upid.split(':');
  return caller.get(`/nodes/${node}/tasks/${upid}/status`);
}

import assert from 'node:assert/strict';
import type { Acl } from '../../simulators/proxmox/access.ts';
import { type Asking, ask, Caller, type Reply } from '../../simulators/proxmox/client.ts';
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

/** Gives privileges everywhere to the operator's token and its user, beside what they hold. */
export function grant({ access }: ProxmoxCluster, ...privileges: readonly string[]): void {
  const more = (acl: Acl): Acl =>
    acl === 'all' ? acl : { ...acl, '/': [...(acl['/'] ?? []), ...privileges] };
  for (const id of [OPERATOR_TOKEN, OPERATOR_TOKEN.split('!')[0] ?? '']) access.changeAcl(id, more);
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

export interface Login {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

/** Asks the first node, with nothing that lets in. */
export const plainly = (
  { simulator }: ProxmoxWorld,
  path: string,
  asking: Omit<Asking, 'ca'> = {},
): Promise<Reply> => ask(`${simulator.urls[0]}/api2/json${path}`, { ca: simulator.ca, ...asking });

/** By password. */
export async function login(
  world: ProxmoxWorld,
  username = 'root@pam',
  password = 'labkeeper',
): Promise<Login> {
  const reply = await plainly(world, '/access/ticket', { method: 'POST', body: { username, password } });
  assert.equal(refusal(reply), '200 OK');
  return (JSON.parse(reply.body) as { data: Login }).data;
}

/** The header that a ticket goes in. */
export const cookie = ({ ticket }: Login): Readonly<Record<string, string>> => ({
  Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`,
});

/** Of `GET …/status/current`. */
export interface Current {
  readonly status: string;
  readonly qmpstatus?: string;
  readonly uptime: number;
  readonly lock?: string;
  readonly pid?: number;
  readonly netin: number;
}

export interface Line {
  readonly n: number;
  readonly t: string;
}

/** How a guest is now. @param guest its path */
export const current = ({ caller }: ProxmoxWorld, guest: string): Promise<Current> =>
  caller.get(`${guest}/status/current`);
/** Asks something of a guest's power. @returns the task's id */
export const act = ({ caller }: ProxmoxWorld, guest: string, what: string, body = {}): Promise<string> =>
  caller.post(`${guest}/status/${what}`, body);

/** In which words that is refused. */
export async function refused({ caller }: ProxmoxWorld, guest: string, what: string): Promise<string> {
  return refusal(await caller.ask(`${guest}/status/${what}`, { method: 'POST' }));
}

/** A task's log. */
export async function linesOf({ caller }: ProxmoxWorld, upid: string): Promise<readonly string[]> {
  const [, node] = upid.split(':');
  return (await caller.get<readonly Line[]>(`/nodes/${node}/tasks/${upid}/log`)).map(({ t }) => t);
}

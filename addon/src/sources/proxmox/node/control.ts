import type { Capabilities, Note } from '../../../contract/capabilities.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { nodeId, nodePath, vmidIn } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { moveAway } from './evacuate.ts';
import type { NodeStatus } from './wire.ts';

/** Guests start one after another, each with a pause of its own. */
const START_ALL_MS = 3_600_000;
/** Each gets three minutes, all of them at the same time, then it is cut off. */
const STOP_ALL_MS = 900_000;
/** A server looks for minutes at its memory before it starts. */
const BOOT_MS = 1_800_000;
const LOOK_MS = 5_000;
/** Looks in a row without an answer after which a node is down, and not only busy. */
const SILENT = 2;

/**
 * What can be done to nodes as a whole.
 *
 * @param list reads the list of the cluster again
 */
export function nodeControlOf(
  desk: Desk,
  list: (signal: AbortSignal) => Promise<void>,
): Capabilities['node'] {
  const { client, picture, context } = desk;
  const inTask = async (
    id: string,
    verb: 'startall' | 'stopall',
    body: Readonly<Record<string, string>>,
    ms: number,
    signal: AbortSignal,
    note: Note = () => {},
  ): Promise<void> => {
    const upid = await client.post<string>(`${nodePath(nameOf(desk, id))}/${verb}`, body, signal);
    note({ vendorRef: upid });
    await taskEnded(client, upid, context.clock, ms, signal);
    await list(signal);
  };
  return {
    guests: (id) =>
      picture.guests
        .resources(picture.owner, client.url)
        .filter(({ parent }) => parent === id)
        .map((guest) => ({
          id: guest.id,
          name: guest.name,
          isRunning: guest.readings.on === true,
          isManaged: Boolean(picture.guest(guest.id)?.hastate),
        })),
    startAll: (id, signal, note, guests) =>
      inTask(id, 'startall', guests === undefined ? {} : those(guests), START_ALL_MS, signal, note),
    stopAll: (id, signal, note) => inTask(id, 'stopall', {}, STOP_ALL_MS, signal, note),
    reboot: async (id, signal) => {
      const node = nameOf(desk, id);
      const sent = await command(desk, node, 'reboot', signal);
      await until(desk, node, 'has not started anew', signal, (status) => {
        const age = (context.clock.elapsed() - sent) / 1_000;
        return status !== undefined && (status.uptime ?? Number.POSITIVE_INFINITY) < age;
      });
      await list(signal);
    },
    shutDown: async (id, signal) => {
      const node = nameOf(desk, id);
      await command(desk, node, 'shutdown', signal);
      let silent = 0;
      await until(desk, node, 'still answers', signal, (status) => {
        silent = status === undefined ? silent + 1 : 0;
        return silent >= SILENT;
      });
    },
    wake: async (id, signal) => {
      const node = nameOf(desk, id);
      // Finds one that answers: the one to be woken cannot be asked.
      await list(signal);
      await client.post<string>(`${nodePath(node)}/wakeonlan`, {}, signal);
      await until(desk, node, 'has not woken', signal, (status) => status !== undefined);
      await list(signal);
    },
    moveAway: (id, signal, note) => moveAway(desk, list, id, signal, note),
  };
}

/** All of these, also those that do not start with the node. */
const those = (guests: readonly string[]): Readonly<Record<string, string>> => ({
  vms: guests.map(vmidIn).join(','),
  force: '1',
});

/** @throws LabError `target_unknown` */
export function nameOf({ picture }: Desk, id: string): string {
  const row = picture.nodes.rows.find(({ node }) => nodeId(picture.owner, node) === id);
  if (row !== undefined) return row.node;
  throw new LabError('target_unknown', `${id} is not in the cluster at present`);
}

/** Asks a node, which has to answer now, for its end. @returns when, by the clock's `elapsed` */
async function command(
  { client, context }: Desk,
  node: string,
  verb: 'reboot' | 'shutdown',
  signal: AbortSignal,
): Promise<number> {
  try {
    await client.get(`${nodePath(node)}/status`, signal);
  } catch (thrown) {
    const { message, next } = asLabError(thrown);
    if (signal.aborted || next !== 'retry') throw thrown;
    throw new LabError('source_failed', `${message}; nothing was sent`, { cause: thrown });
  }
  const sent = context.clock.elapsed();
  await client.post(`${nodePath(node)}/status`, { command: verb }, signal);
  return sent;
}

/** undefined: it does not answer. */
async function statusOf(
  client: Desk['client'],
  node: string,
  signal: AbortSignal,
): Promise<NodeStatus | undefined> {
  try {
    return await client.get(`${nodePath(node)}/status`, signal);
  } catch (thrown) {
    if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
    return undefined;
  }
}

/** Looks at a node until it is as wanted. @param still what to say of it when it takes too long */
async function until(
  { client, context: { clock } }: Desk,
  node: string,
  still: string,
  signal: AbortSignal,
  check: (status: NodeStatus | undefined) => boolean,
): Promise<void> {
  const end = clock.elapsed() + BOOT_MS;
  for (;;) {
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
    if (check(await statusOf(client, node, signal))) return;
    if (clock.elapsed() <= end) continue;
    throw new LabError('deadline_passed', `${node} ${still} after ${BOOT_MS / 60_000} min`, {
      hint: 'look at its console, by the management controller if it has one',
    });
  }
}

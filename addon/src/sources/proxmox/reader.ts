import type { PollTask, SourceContext, Tier } from '../../contract/source.ts';
import { asLabError, type LabError } from '../../core/errors.ts';
import type { ProxmoxClient } from './client.ts';
import type { GuestConfig, GuestRow } from './guest/wire.ts';
import type { Exporters } from './node/exporters.ts';
import type { Picture } from './picture.ts';
import type { Strangers } from './strangers.ts';

/** What readers and commands of one session share. */
export interface Desk {
  readonly client: ProxmoxClient;
  /** Where it lands what was read. */
  readonly picture: Picture;
  readonly context: SourceContext;
  /** What users run on their nodes beside Proxmox VE. */
  readonly exporters: Pick<Exporters, 'read'>;
  readonly strangers: Strangers;
  /** Says what is wrong; the same only once. */
  warn(error: LabError): void;
  /** Has the list of the cluster read once more, so much later (ms). */
  again(ms: number): void;
  /**
   * Has everything read at once that is read of one guest only: something was done to it.
   *
   * @param vmid of a guest that may not even be there any more
   */
  touched(vmid: number): void;
  /** Has the guests looked through for what was changed between two lists; called after each list. */
  listed(): void;
  /**
   * Whether user and token may do something, as far as that is known.
   *
   * @param path as in `/vms/101`
   * @param privilege as in `VM.PowerMgmt`
   */
  may(path: string, privilege: string): boolean;
  /** Hands in what the picture shows now. */
  publish(): void;
}

/** How often something is read: a tier, or seconds from one read to the next, which may depend on what goes on. */
export type Due = Tier | number | ((desk: Desk) => number);

/**
 * Something that is read: a file each, and a line in `readers.ts`. What it found it gives to the picture; it is
 * published when the round is over.
 */
export type Reader = ClusterReader | NodeReader;

/** Reads something of the whole cluster. */
export interface ClusterReader {
  readonly of: 'cluster';
  /** What it reads, for people; no two have the same. */
  readonly what: string;
  readonly due: Due;
  /** The cluster counts as reachable while this can be read. */
  readonly vital?: true;
  read(desk: Desk, signal: AbortSignal): Promise<void>;
}

/** Reads something of each node that runs. */
export interface NodeReader {
  readonly of: 'node';
  readonly what: string;
  readonly due: Due;
  read(desk: Desk, node: string, signal: AbortSignal): Promise<void>;
}

/**
 * Reads something of one guest: when that is new, starts, changes node or tags, is unlocked or was touched, else every
 * now and then, never all guests at once.
 */
export interface GuestReader {
  readonly of: 'guest';
  readonly what: string;
  /** Seconds from one read to the next while nothing happens to the guest. */
  every(desk: Desk, guest: GuestRow): number;
  /** True: with the list of the cluster it is read of each guest that is new. */
  readonly atFirst?: true;
  /** True: it asks the guest's agent. Of a node's guests only one is asked at a time, and none that is locked. */
  readonly viaAgent?: true;
  /** Whether there is something to read. @param config undefined while it is not known */
  isFor(guest: GuestRow, config: GuestConfig | undefined, desk: Desk): boolean;
  /** @throws LabError: it is tried again, later and later */
  read(desk: Desk, guest: GuestRow, signal: AbortSignal): Promise<void>;
}

/** Has a reader read once, whatever it reads, and publishes what it found. */
export async function readOnce(reader: Reader, desk: Desk, signal: AbortSignal): Promise<void> {
  if (reader.of === 'cluster') await reader.read(desk, signal);
  else await ofEach(desk.picture.nodes.online, (node) => reader.read(desk, node, signal), desk, signal);
  desk.publish();
}

/** A reader as something to poll. */
export function taskOf(reader: Reader, desk: Desk): PollTask {
  const { what, due } = reader;
  let last: Promise<unknown> = Promise.resolve();
  return {
    name: what,
    ...(typeof due === 'string'
      ? { tier: due }
      : { tier: 'slow', everySeconds: typeof due === 'number' ? due : () => due(desk) }),
    ...('vital' in reader && { vital: reader.vital }),
    // Commands have the list read, too: one read after another, or an older answer could come last.
    run: (signal) => {
      const run = last.then(() => readOnce(reader, desk, signal));
      last = run.catch(() => {});
      return run;
    },
  };
}

/** Reads of each thing. What one does not tell keeps no other from it: that is said, once. */
async function ofEach<Thing>(
  things: Iterable<Thing>,
  read: (thing: Thing) => Promise<void>,
  { warn }: Desk,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    Array.from(things, async (thing) => {
      try {
        await read(thing);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        warn(asLabError(thrown));
      }
    }),
  );
}

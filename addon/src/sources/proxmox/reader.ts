import type { SourceContext, Tier } from '../../contract/source.ts';
import { asLabError, type LabError } from '../../core/errors.ts';
import type { ProxmoxClient } from './client.ts';
import type { GuestRow } from './guest/wire.ts';
import type { Picture } from './picture.ts';

/** What readers and commands of one session share. */
export interface Desk {
  readonly client: ProxmoxClient;
  /** Where it lands what was read. */
  readonly picture: Picture;
  readonly context: SourceContext;
  /** Says what is wrong; the same only once. */
  warn(error: LabError): void;
  /** Has the list of the cluster read once more, so much later (ms). */
  again(ms: number): void;
  /** Hands in what the picture shows now. */
  publish(): void;
}

/**
 * Something that is read: a file each, and a line in `readers.ts`. What it found it gives to the picture; it is
 * published when the round is over.
 */
export type Reader = ClusterReader | NodeReader;

/** Reads something of the whole cluster. */
export interface ClusterReader {
  readonly of: 'cluster';
  /** What it reads, for people. */
  readonly what: string;
  readonly due: Tier;
  /** The cluster counts as reachable while this can be read. */
  readonly vital?: true;
  read(desk: Desk, signal: AbortSignal): Promise<void>;
}

/** Reads something of each node that runs. */
export interface NodeReader {
  readonly of: 'node';
  readonly what: string;
  readonly due: Tier;
  read(desk: Desk, node: string, signal: AbortSignal): Promise<void>;
}

/** Reads something of a guest when it is seen for the first time, and when it may have become another. */
export interface GuestReader {
  readonly of: 'guest';
  readonly what: string;
  readonly due: 'change';
  read(desk: Desk, guest: GuestRow, signal: AbortSignal): Promise<void>;
}

/** Has a reader read once, whatever it reads, and publishes what it found. */
export async function readOnce(reader: Reader, desk: Desk, signal: AbortSignal): Promise<void> {
  if (reader.of === 'cluster') await reader.read(desk, signal);
  else await ofEach(desk.picture.nodes.online, (node) => reader.read(desk, node, signal), desk, signal);
  desk.publish();
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

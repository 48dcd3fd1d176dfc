import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError } from '../../../core/errors.ts';
import { addressesIn } from '../guest/addresses.ts';
import { macsIn } from '../guest/bearer.ts';
import { hasAgent } from '../guest/settings.ts';
import type { GuestConfig, GuestRow, InterfaceRow } from '../guest/wire.ts';
import { guestId, guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { type Made, ownGuest } from './made.ts';
import { resultOf } from './see-made.ts';

const EVERY_MS = 5_000;
/** A network hears of a new client a while after it came. */
const NETWORK_EVERY_MS = 15_000;
/** An agent that hangs keeps a worker of its node busy. */
const AGENT_MS = 5_000;

/** Who told an address: the guest's agent, its node, who asked for the guest, what hears it in the network, or nobody. */
type From = 'agent' | 'node' | 'input' | 'network' | 'unknown';

interface Found {
  readonly address: string | null;
  readonly from: From;
  /** For the log. */
  readonly text: string;
}

/**
 * Waits for a new guest's address: its agent tells it, of a container its node; while they say nothing, what hears its
 * MAC in the network.
 *
 * @param fixed what it was given; null: it gets one
 * @param ms how long at most: what was not heard by then is unknown
 */
export function addressStep(
  bench: Bench,
  made: Made,
  fixed: string | null,
  ms: number,
): StepOf<StepContext<never>> {
  const { desk } = bench;
  return {
    name: 'Wait for its address',
    run: async (now) => {
      const { signal, note } = now;
      const own = await ownGuest(desk, made, now).catch((thrown: unknown) => {
        if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
        // It was made, wherever its node is now.
        return undefined;
      });
      if (own === undefined) return;
      const { row, config } = own;
      const id = guestId(desk.picture.owner, made.vmid, desk.picture.guests.generation(made.vmid) ?? 1);
      const { address, from, text } =
        (await waitedFor(bench, own, fixed === null, ms, now)) ?? otherwise(fixed, config, made);
      note({ result: { ...resultOf(made, id, row, address), address_from: from }, log: text });
      desk.touched(made.vmid);
    },
    happened: async () => false,
  };
}

function otherwise(fixed: string | null, config: GuestConfig, { type }: Made): Found {
  if (fixed !== null)
    return { address: fixed, from: 'input', text: `its address, as it was given: ${fixed}` };
  const silent = type === 'qemu' && !hasAgent(config) ? 'it has no agent' : 'it does not tell it';
  return {
    ...{ address: null, from: 'unknown' },
    text: `its address is unknown: ${silent}, and no network of the lab hears ${macsIn(config).join(', ') || 'it'}`,
  };
}

/** null: not known yet; undefined: it will not be told. */
type Teller = () => Promise<Found | null | undefined>;

/** undefined: nobody told it in time, or can. @param isSought whether others are to be asked as well */
async function waitedFor(
  { desk }: Bench,
  { row, config }: { readonly row: GuestRow; readonly config: GuestConfig },
  isSought: boolean,
  ms: number,
  { signal, cancelled, note, askNetwork }: StepContext<never>,
): Promise<Found | undefined> {
  const { clock } = desk.context;
  const begin = clock.elapsed();
  const macs = macsIn(config);
  let askedAt = Number.NEGATIVE_INFINITY;
  const itself: Teller = async () => {
    const address = await toldAddress({ desk }, row, macs, signal);
    if (address == null) return address;
    return { address, from: row.type === 'lxc' ? 'node' : 'agent', text: `its address: ${address}` };
  };
  const network: Teller = async () => {
    if (clock.elapsed() - askedAt < NETWORK_EVERY_MS) return null;
    askedAt = clock.elapsed();
    const heard = await askNetwork?.(macs, signal);
    if (!heard) return heard;
    const { address, by } = heard;
    return { address, from: 'network', text: `its address, as ${by} hears it: ${address}` };
  };
  let tellers: readonly Teller[] = [
    ...(row.type === 'lxc' || hasAgent(config) ? [itself] : []),
    ...(isSought && macs.length > 0 ? [network] : []),
  ];
  while (tellers.length > 0 && clock.elapsed() - begin < ms && !cancelled.aborted) {
    for (const teller of tellers) {
      const found = await teller();
      if (found) return found;
      if (found === undefined) tellers = tellers.filter((other) => other !== teller);
    }
    note({ progress: (clock.elapsed() - begin) / ms });
    if (tellers.length > 0) await pause(clock, EVERY_MS, signal);
    signal.throwIfAborted();
  }
  return undefined;
}

/** What agent or node tell. null: not known yet; undefined: it will not be told. */
async function toldAddress(
  { desk }: Pick<Bench, 'desk'>,
  row: GuestRow,
  macs: readonly string[],
  signal: AbortSignal,
): Promise<string | null | undefined> {
  try {
    return addressesIn(await interfacesOf(desk.client, row, signal), macs)[0] ?? null;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return asLabError(thrown).code === 'privilege_missing' ? undefined : null;
  }
}

async function interfacesOf(
  client: Bench['desk']['client'],
  row: GuestRow,
  signal: AbortSignal,
): Promise<readonly InterfaceRow[]> {
  if (row.type === 'lxc') return client.list<InterfaceRow>(`${guestPath(row)}/interfaces`, signal);
  const path = `${guestPath(row)}/agent/network-get-interfaces`;
  const { result } = await client.ask<{ readonly result?: readonly InterfaceRow[] }>(path, AGENT_MS, signal);
  if (!Array.isArray(result)) throw client.misshapen(path);
  return result;
}

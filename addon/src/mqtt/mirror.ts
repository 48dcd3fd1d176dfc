import { createHash } from 'node:crypto';

/** A discovery payload, as short as is needed to tell two apart; '' for the empty one. */
export const digestOf = (payload: string): string =>
  payload === '' ? '' : createHash('sha256').update(payload).digest('base64url').slice(0, 22);

/**
 * What a message on a discovery topic means: `kept` was there before we came, `echo` is one of our own coming back,
 * `emptied` took away what the broker held of ours, `foreign` put something else in its place, `same` changed nothing.
 */
export type Meaning = 'kept' | 'echo' | 'emptied' | 'foreign' | 'same';

interface Held {
  digest: string;
  /** What we sent and have not heard back, in order. */
  expected: string[];
  /** The same from before the connection was lost: the client may send it again, or never. */
  earlier: string[];
}

/**
 * What the broker holds on our discovery topics, by object id, from listening to them ourselves. MQTT 3.1.1 says of no
 * message who sent it, so our own are told by what we have sent and when: a broker keeps the order on one topic.
 */
export class Mirror {
  readonly #held = new Map<string, Held>();

  /** A new connection: what the broker holds is told anew. */
  reset(): void {
    for (const held of this.#held.values()) {
      held.digest = '';
      held.earlier = [...held.earlier, ...held.expected].slice(-4);
      held.expected = [];
    }
  }

  /** To be told of every payload that we send, before it is sent. */
  expect(objectId: string, payload: string): void {
    this.#of(objectId).expected.push(digestOf(payload));
  }

  /** Digest of what the broker holds, or will once it has what we sent; '' for nothing. */
  holds(objectId: string): string {
    const held = this.#held.get(objectId);
    return held?.expected.at(-1) ?? held?.digest ?? '';
  }

  /** @param retained the message was kept by the broker from before we asked */
  take(objectId: string, payload: string, retained: boolean): Meaning {
    const held = this.#of(objectId);
    const { digest: before, expected, earlier } = held;
    const digest = digestOf(payload);
    held.digest = digest;
    if (retained) return 'kept';
    const at = expected.indexOf(digest);
    if (at >= 0) {
      expected.splice(0, at + 1);
      earlier.length = 0;
      return 'echo';
    }
    const late = earlier.indexOf(digest);
    if (late >= 0) {
      earlier.splice(0, late + 1);
      return 'echo';
    }
    if (digest === before) return 'same';
    return digest === '' ? 'emptied' : 'foreign';
  }

  #of(objectId: string): Held {
    const known = this.#held.get(objectId);
    if (known !== undefined) return known;
    const held: Held = { digest: '', expected: [], earlier: [] };
    this.#held.set(objectId, held);
    return held;
  }
}

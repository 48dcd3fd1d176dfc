/** MQTT 3.1.1, section 2.2.3: seven bits of the length a byte, at most four bytes. */
const LENGTH_BYTES = 4;

/**
 * Reads along with the bytes of one MQTT connection and finds packets that are too large by the length that they
 * announce, before anybody collects their bytes.
 */
export class PacketLimit {
  readonly #first: number;
  readonly #later: number;
  #packets = 0;
  /** Bytes of the length read so far; undefined: the type of a packet comes next. */
  #lengthBytes: number | undefined;
  #length = 0;
  /** Bytes of the current packet still to come. */
  #rest = 0;

  /**
   * @param first bytes that the first packet may have after its length: of a client that nobody knows yet
   * @param later bytes of each packet after it
   */
  constructor(first: number, later: number) {
    this.#first = first;
    this.#later = later;
  }

  /** Takes the next bytes; false: a packet among them is too large, or its length is malformed. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const skipped = Math.min(this.#rest, chunk.length - at);
        this.#rest -= skipped;
        at += skipped;
      } else {
        if (!this.#header(chunk[at] ?? 0)) return false;
        at += 1;
      }
    }
    return true;
  }

  #header(byte: number): boolean {
    if (this.#lengthBytes === undefined) {
      this.#lengthBytes = 0;
      this.#length = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.#lengthBytes < LENGTH_BYTES;
    const limit = this.#packets === 0 ? this.#first : this.#later;
    this.#packets += 1;
    this.#rest = this.#length;
    this.#lengthBytes = undefined;
    return this.#length <= limit;
  }
}

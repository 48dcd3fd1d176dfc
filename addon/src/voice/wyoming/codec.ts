import { isUtf8 } from 'node:buffer';
import { LabError } from '../../core/errors.ts';

/** One message of the Wyoming protocol. https://github.com/OHF-Voice/wyoming */
export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Raw bytes, as sound. */
  readonly payload?: Buffer;
}

/** Most bytes of each part that are taken from the other side. */
export interface WyomingLimits {
  readonly header: number;
  readonly data: number;
  readonly payload: number;
}

/** Enough for every text that is worth speaking, and for no more than that. */
export const LIMITS: WyomingLimits = { header: 64 * 1_024, data: 1_024 ** 2, payload: 256 * 1_024 };

/** Of the protocol, as its own library has it. */
const VERSION = '1.10.0';
const NEWLINE = 0x0a;
/** What is kept for the next event, although nothing is in it. */
const KEPT_BYTES = 64 * 1_024;

interface Header {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataLength: number;
  readonly payloadLength: number;
}

/** As bytes: a line of JSON, the data as JSON of its own, the payload. Lengths are bytes, not characters. */
export function encode({ type, data, payload }: WyomingEvent): Buffer {
  const body = Object.keys(data).length === 0 ? undefined : Buffer.from(JSON.stringify(data));
  const header = {
    ...{ type, version: VERSION },
    ...(body !== undefined && { data_length: body.length }),
    ...(payload !== undefined && payload.length > 0 && { payload_length: payload.length }),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  return Buffer.concat([line, ...(body === undefined ? [] : [body]), ...(payload ? [payload] : [])]);
}

/** Finds the events in what comes over a connection, however that was cut up on its way. */
export class WyomingDecoder {
  readonly #limits: WyomingLimits;
  /** What has come and is no whole event yet: from `#start` to `#end`. */
  #room = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** How far the end of the line was looked for. */
  #searched = 0;
  #header: Header | undefined;

  constructor(limits: WyomingLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Bytes of memory that it holds: never more than twice the limits and one push together. */
  get holds(): number {
    return this.#room.length;
  }

  /**
   * @returns the events that are whole now
   * @throws LabError `protocol_wrong` when this is not the protocol, or too much of it: nothing more can be understood
   * then, since where the next event begins is not known
   */
  push(bytes: Buffer): readonly WyomingEvent[] {
    this.#append(bytes);
    const events: WyomingEvent[] = [];
    for (;;) {
      this.#header ??= this.#nextHeader();
      if (this.#header === undefined) break;
      const { dataLength, payloadLength } = this.#header;
      if (this.#end - this.#start < dataLength + payloadLength) break;
      events.push(this.#eventOf(this.#header));
      this.#header = undefined;
    }
    this.#tidy();
    return events;
  }

  #append(bytes: Buffer): void {
    if (this.#room.length - this.#end < bytes.length) {
      const held = this.#end - this.#start;
      // Doubled, so that single bytes are not copied over and over.
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * held, held + bytes.length));
      this.#room.copy(larger, 0, this.#start, this.#end);
      this.#room = larger;
      this.#searched -= this.#start;
      this.#end = held;
      this.#start = 0;
    }
    bytes.copy(this.#room, this.#end);
    this.#end += bytes.length;
  }

  #nextHeader(): Header | undefined {
    const from = Math.max(this.#start, this.#searched);
    const found = this.#room.subarray(from, this.#end).indexOf(NEWLINE);
    const end = found < 0 ? this.#end : from + found;
    if (end - this.#start > this.#limits.header) throw wrong('its header has no end');
    this.#searched = end;
    if (found < 0) return undefined;
    const line = this.#room.subarray(this.#start, end);
    this.#start = end + 1;
    return headerOf(objectOf(line, 'header'), this.#limits);
  }

  #eventOf({ type, data: inline, dataLength, payloadLength }: Header): WyomingEvent {
    const body = this.#take(dataLength);
    const data = dataLength === 0 ? inline : { ...inline, ...objectOf(body, 'data') };
    // The room is used again for what comes next.
    return payloadLength === 0
      ? { type, data }
      : { type, data, payload: Buffer.from(this.#take(payloadLength)) };
  }

  #take(length: number): Buffer {
    const part = this.#room.subarray(this.#start, this.#start + length);
    this.#start += length;
    return part;
  }

  #tidy(): void {
    if (this.#start < this.#end) return;
    if (this.#room.length > KEPT_BYTES) this.#room = Buffer.alloc(0);
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
  }
}

function headerOf(given: Readonly<Record<string, unknown>>, limits: WyomingLimits): Header {
  const { type, data = {} } = given;
  if (typeof type !== 'string' || type === '') throw wrong('its header has no type');
  if (data !== null && !isObject(data)) throw wrong('its data is no object');
  return {
    ...{ type, data: data ?? {} },
    dataLength: lengthOf(given.data_length, 'data', limits.data),
    payloadLength: lengthOf(given.payload_length, 'payload', limits.payload),
  };
}

function lengthOf(given: unknown, part: string, most: number): number {
  if (given === undefined || given === null) return 0;
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0)
    throw wrong(`the length of its ${part} is no number of bytes`);
  if (given > most) throw wrong(`its ${part} has ${given} bytes, more than ${most}`);
  return given;
}

function objectOf(bytes: Buffer, part: string): Readonly<Record<string, unknown>> {
  if (!isUtf8(bytes)) throw wrong(`its ${part} is no UTF-8`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw wrong(`its ${part} is no JSON`);
  }
  if (!isObject(value)) throw wrong(`its ${part} is no object`);
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (what: string): LabError => new LabError('protocol_wrong', `this is not Wyoming: ${what}`);

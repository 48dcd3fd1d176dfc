import { connect } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import { PcmConverter, type PcmFormat } from '../../core/pcm.ts';
import { withDeadline } from '../../net/deadline.ts';
import { connectionHint } from '../../net/explain.ts';
import { encode, WyomingDecoder, type WyomingEvent, type WyomingLimits } from './codec.ts';
import { FORMAT, formatIn, type VoiceWish } from './events.ts';

const LIMITS: WyomingLimits = { header: 64 * 1_024, data: 4 * 1_024 ** 2, payload: 4 * 1_024 ** 2 };
const PATIENCE_MS = 20_000;
const SAMPLES: Readonly<Record<number, PcmFormat['sample']>> = { 1: 'u8', 2: 's16', 3: 's24', 4: 's32' };

export interface WyomingAddress {
  readonly host: string;
  readonly port: number;
  /** Who is asked for there. */
  readonly voice: VoiceWish;
}

/**
 * Has another Wyoming server speak a text. The sound is turned into `FORMAT`.
 *
 * @throws LabError `unreachable`, `deadline_passed`, `source_failed`, `protocol_wrong`
 */
export async function* speakBy(
  { host, port, voice }: WyomingAddress,
  text: string,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const what = `the Wyoming server ${host}:${port}`;
  const socket = connect({ host, port, noDelay: true });
  const decoder = new WyomingDecoder(LIMITS);
  const end = (): void => void socket.destroy();
  signal.addEventListener('abort', end);
  let converter: PcmConverter | undefined;
  const data = { text, ...(Object.keys(voice).length > 0 && { voice }) };
  socket.write(encode({ type: 'synthesize', data }));
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const next = (): Promise<IteratorResult<Buffer>> =>
    withDeadline(clock, what, PATIENCE_MS, signal, () => chunks.next());
  try {
    for (let chunk = await next(); !chunk.done; chunk = await next()) {
      for (const event of decoder.push(chunk.value)) {
        if (event.type === 'audio-stop') return;
        if (event.type === 'error') throw new LabError('source_failed', `${what} said: ${saidIn(event)}`);
        if (event.type !== 'audio-chunk' || event.payload === undefined) continue;
        converter ??= converterOf(what, event);
        const sound = converter.push(event.payload);
        if (sound.length > 0) yield sound;
      }
    }
    throw new LabError('source_failed', `${what} hung up before it had spoken the text`);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof LabError) throw cause;
    const hint = connectionHint(cause);
    throw new LabError('unreachable', `${what}: ${(cause as Error).message}`, {
      ...(hint !== undefined && { hint }),
      cause,
    });
  } finally {
    signal.removeEventListener('abort', end);
    socket.destroy();
  }
}

function converterOf(what: string, { data }: WyomingEvent): PcmConverter {
  const format = formatIn(data);
  const sample = SAMPLES[format?.width ?? 0];
  if (format === undefined || sample === undefined)
    throw new LabError('source_failed', `${what} speaks in a format that nobody has`);
  return new PcmConverter({ rate: format.rate, channels: format.channels, sample }, FORMAT.rate);
}

const saidIn = ({ data: { text } }: WyomingEvent): string => String(text ?? 'nothing').slice(0, 200);

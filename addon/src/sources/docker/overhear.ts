import type Docker from 'dockerode';
import type { Meter } from '../../core/meter.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
}

interface Answered {
  readonly statusCode?: number;
  readonly statusMessage?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** As docker-modem calls it for whatever was answered; its types leave it out. */
type BuildPayload = (
  error: unknown,
  isStream: boolean,
  statusCodes: object,
  openStdin: boolean,
  request: Sent,
  response: Answered,
  parsed: unknown,
  callback: unknown,
) => unknown;

/**
 * Has the meter's listener told of all that an engine answers; of what it streams only that it began.
 *
 * @param origin address of the engine, as the options name it
 */
export function overheard(docker: Docker, origin: string, meter: Meter): Docker {
  const modem = docker.modem as unknown as { buildPayload: BuildPayload };
  const build = modem.buildPayload;
  modem.buildPayload = (...given) => {
    const [error, isStream, , , { method, path }, { statusCode, statusMessage, headers }, parsed] = given;
    if (meter.listener !== undefined && !error) {
      const body = isStream || parsed === null ? '' : bodyOf(parsed);
      const answer = { status: statusCode ?? 0, statusText: statusMessage ?? '', headers, body };
      meter.listener({ origin, method, path, answer: isStream ? { ...answer, piece: true } : answer });
    }
    return build.apply(modem, given);
  };
  return docker;
}

/** What docker-modem could not parse, it gives as it came. */
const bodyOf = (parsed: unknown): string =>
  parsed instanceof Uint8Array ? Buffer.from(parsed).toString('utf8') : JSON.stringify(parsed);

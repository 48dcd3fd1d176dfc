import { LabError } from '../../core/errors.ts';
import { connectionHint, isDistrust } from '../../net/explain.ts';

/** What was asked, of whom. */
export interface Asked {
  /** The engine's name, for people. */
  readonly name: string;
  readonly url: string;
  /** As in `GET /info`. */
  readonly what: string;
  /** What a refused call may mean on this way. */
  readonly refusedHint: string;
}

const SOCKET_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket: is the engine running, and is its socket mounted here?',
  EACCES: 'Labkeeper may not open the socket: run it in the group that owns it, or use a socket proxy',
};

/** The status of the answer that dockerode threw; undefined: there was none. */
export const statusOf = (error: unknown): number | undefined =>
  (error as { statusCode?: number } | undefined)?.statusCode;

/** What dockerode threw, as what a person can act on. */
export function explain(cause: unknown, { name, url, what, refusedHint }: Asked): LabError {
  const status = statusOf(cause);
  const message = (cause as { json?: { message?: string } }).json?.message ?? (cause as Error).message;
  if (status === 401 || status === 403) {
    const more = { hint: refusedHint, cause };
    return new LabError('credentials_refused', `${name}: ${what} was refused (${status})`, more);
  }
  if (status !== undefined) {
    const code = status >= 500 ? 'source_failed' : 'source_refused';
    return new LabError(code, `${name}: ${what} failed (${status}): ${message}`, { cause });
  }
  const hint = SOCKET_HINTS[(cause as NodeJS.ErrnoException).code ?? ''] ?? connectionHint(cause);
  const code = isDistrust(cause) ? 'certificate_refused' : 'unreachable';
  return new LabError(code, `${name}: cannot reach ${url}: ${message}`, {
    ...(hint !== undefined && { hint }),
    cause,
  });
}

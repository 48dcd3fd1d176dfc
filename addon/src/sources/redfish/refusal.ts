import { LabError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';

interface ExtendedInfo {
  readonly Message?: string;
  readonly MessageId?: string;
  readonly Resolution?: string;
}

/** An iDRAC's and the standard's name for a table of sessions that is full. */
const SESSIONS_FULL = /RAC0218|SessionLimitExceeded|maximum number of (user |active )*sessions/i;

/** What a service says of a request that it did not carry out; undefined for one that says nothing in Redfish's form. */
export function infoOf(body: string): ExtendedInfo | undefined {
  try {
    const { error } = JSON.parse(body) as {
      error?: { message?: string; '@Message.ExtendedInfo'?: readonly ExtendedInfo[] | ExtendedInfo };
    };
    const info = error?.['@Message.ExtendedInfo'];
    // Some send one for a list of one.
    const [first] = Array.isArray(info)
      ? (info as readonly ExtendedInfo[])
      : [info as ExtendedInfo | undefined];
    return first ?? (error?.message === undefined ? undefined : { Message: error.message });
  } catch {
    return undefined;
  }
}

/** What became of a request that was answered otherwise than by doing it. */
export function refusalOf(name: string, what: string, { status, statusText, body }: HttpAnswer): LabError {
  const { Message: message = statusText, MessageId: id = '', Resolution: resolution } = infoOf(body) ?? {};
  const text = `${name}: ${what} failed (${status}): ${message}`;
  if (SESSIONS_FULL.test(`${id} ${message}`)) {
    return new LabError('sessions_exhausted', `${name}: all of the controller’s sessions are taken`, {
      hint: 'end sessions in its web interface (an iDRAC has eight), or wait until they end by themselves: half an hour',
    });
  }
  if (status === 401) return refusedLogin(name, message);
  if (status === 403) {
    const hint =
      'give the user the role that this takes (operator to switch a server), or look at the licence';
    return new LabError('privilege_missing', text, { hint });
  }
  if (status === 503) {
    return new LabError('source_failed', text, {
      hint: 'the controller is starting or busy: it is asked again',
    });
  }
  const hint = resolution === undefined || resolution === 'None' ? undefined : resolution;
  return new LabError(status >= 500 || status === 404 ? 'source_failed' : 'source_refused', text, {
    ...(hint !== undefined && { hint }),
  });
}

export const refusedLogin = (name: string, words: string): LabError =>
  new LabError('credentials_refused', `${name}: the login was refused: ${words}`, {
    hint: 'check username and password; after some wrong ones the controller takes none from here for minutes',
  });

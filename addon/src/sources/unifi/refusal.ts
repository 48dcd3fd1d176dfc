import { LabError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';
import type { Envelope } from './wire.ts';

const LOCAL_USER =
  'use a local user of the controller itself (not a Ubiquiti account) without a second factor, or an API key';

/** What a controller calls its trouble; its own code, else the words beside the status. */
export function troubleOf({ body, statusText }: HttpAnswer): string {
  try {
    const { meta, code, message } = JSON.parse(body) as Envelope & { code?: unknown; message?: unknown };
    const words = [meta?.msg, code, message].filter((word) => typeof word === 'string');
    return words.join(': ').slice(0, 200) || statusText;
  } catch {
    return statusText;
  }
}

/** Why a login was not let in. */
export function loginRefusal(name: string, answer: HttpAnswer): LabError {
  const { status } = answer;
  const trouble = troubleOf(answer);
  if (status === 499 || /2fa|mfa/i.test(trouble)) {
    return new LabError('credentials_refused', `${name}: the login wants a second factor (${trouble})`, {
      hint: LOCAL_USER,
    });
  }
  if (/blocked|locked/i.test(trouble)) {
    return new LabError('credentials_refused', `${name}: the user is locked (${trouble})`, {
      hint: 'unlock it in the controller, or wait until it unlocks by itself',
    });
  }
  if ([400, 401, 403].includes(status)) {
    return new LabError('credentials_refused', `${name}: the login was refused: ${trouble}`, {
      hint: `check username and password; ${LOCAL_USER}`,
    });
  }
  return failure(name, 'the login', answer);
}

/** What became of a request that was answered otherwise than by doing it. */
export function refusalOf(name: string, what: string, answer: HttpAnswer): LabError {
  const trouble = troubleOf(answer);
  const text = `${name}: ${what} failed (${answer.status}): ${trouble}`;
  if (/NoSiteContext|IdInvalid/i.test(trouble)) {
    return new LabError(/NoSite/i.test(trouble) ? 'options_invalid' : 'source_refused', text, {
      hint: 'check the option site: its name stands in the controller’s address after /site/',
    });
  }
  if (/ObjectReferredBy|VlanUsed|NoDelete/i.test(trouble)) {
    return new LabError('target_unsuitable', text, {
      hint: 'the controller itself says that something needs it, or has it already: look there what that is',
    });
  }
  if (answer.status === 403 || /NoPermission/i.test(trouble)) {
    return new LabError('privilege_missing', text, {
      hint: 'give the user (or the owner of the key) the role of an administrator of this site',
    });
  }
  return failure(name, what, answer);
}

function failure(name: string, what: string, answer: HttpAnswer): LabError {
  const { status } = answer;
  const text = `${name}: ${what} failed (${status}): ${troubleOf(answer)}`;
  if (status >= 500) {
    return new LabError('source_failed', text, {
      hint: 'the controller is starting or busy: it is asked again',
    });
  }
  return new LabError(status === 404 ? 'source_failed' : 'source_refused', text);
}

import type { FastifyRequest } from 'fastify';
import type { Ceiling, Door } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { checkHost, checkOrigin } from './origin.ts';
import type { TokenBook } from './tokens.ts';

/** Who asks, and the most that they may ask for. */
export interface Caller {
  readonly door: Exclude<Door, 'mqtt' | 'labkeeper'>;
  readonly user: string;
  readonly administrator: boolean | undefined;
  readonly ceiling: Ceiling;
  readonly tokenName: string | undefined;
  /** A person who runs this: may see the tokens. */
  readonly owner: boolean;
}

export interface Access {
  readonly tokens: TokenBook;
  /** Whoever is on this machine needs no token: for the demo. */
  readonly openOnLoopback: boolean;
  /** Address of the Supervisor's proxy; undefined where there is no Supervisor. */
  readonly ingress: string | undefined;
  /**
   * Whether a user of Home Assistant is an administrator; undefined, by itself or as the answer: it cannot be asked, so
   * nobody is. It says in the log why, as often as that is worth it.
   */
  readonly isAdministrator?: ((userId: string) => Promise<boolean | undefined>) | undefined;
}

/** What of a request says who sent it. */
export interface Sent {
  /** Of the socket; what headers say of addresses does not count. */
  readonly address: string;
  readonly headers: FastifyRequest['headers'];
  /** It only reads. */
  readonly safe: boolean;
}

const MOST_CHARACTERS = 100;

/**
 * Finds out who sent a request: by token (`Authorization: Bearer`, or as the password of `Basic` for browsers), by
 * Home Assistant's ingress, or, where that is switched on, as somebody on this machine.
 *
 * @throws LabError `token_missing`, `token_invalid`, `user_refused`, `origin_refused`, `input_invalid`
 */
export async function identify(sent: Sent, access: Access): Promise<Caller> {
  const { headers, safe } = sent;
  const address = sent.address.replace(/^::ffff:/, '');
  const viaIngress = access.ingress !== undefined && address === access.ingress;
  if (!safe) checkOrigin(headers, viaIngress);
  const token = tokenOf(headers.authorization);
  if (token !== undefined) return callerOf(token, headers, access);
  if (headers['x-labkeeper-user'] ?? headers['x-labkeeper-administrator']) throw userRefused();
  if (viaIngress) return ingressUser(headers, access);
  if (access.openOnLoopback && isLoopback(address)) {
    checkHost(headers);
    return {
      ...{ door: 'http', user: 'local', administrator: undefined, ceiling: 'destroy' },
      ...{ tokenName: undefined, owner: true },
    };
  }
  throw new LabError('token_missing', 'this needs a token', {
    hint: 'send “Authorization: Bearer …” with a token from the file “token” in the data folder',
  });
}

function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic)\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return authorization;
  const text = Buffer.from(value, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

function callerOf(given: string, headers: FastifyRequest['headers'], { tokens }: Access): Caller {
  const token = tokens.find(given);
  if (token === undefined) {
    throw new LabError('token_invalid', 'there is no such token', {
      hint: 'the file “token” in the data folder has those that are valid',
    });
  }
  const { name, door, ceiling } = token;
  const user = headers['x-labkeeper-user'];
  const administrator = headers['x-labkeeper-administrator'];
  if (door !== 'homeassistant') {
    if (user !== undefined || administrator !== undefined) throw userRefused();
    return { door, user: name, administrator: undefined, ceiling, tokenName: name, owner: false };
  }
  return {
    ...{ door, ceiling, tokenName: name, owner: false },
    ...statedUser(
      user as string | undefined,
      administrator as string | undefined,
      headers['x-labkeeper-context'] as string | undefined,
    ),
  };
}

/** What Home Assistant says of who asked. Without a user it was an automation, which Home Assistant finds by its context. */
function statedUser(
  user: string | undefined,
  administrator: string | undefined,
  context: string | undefined,
): Pick<Caller, 'user' | 'administrator'> {
  if (administrator !== undefined && !['true', 'false'].includes(administrator)) {
    throw new LabError('input_invalid', 'X-Labkeeper-Administrator: it is true or false');
  }
  if (user === undefined) {
    // That it is not an administrator counts even without a name.
    const automation = /^[0-9A-Za-z]{26}$/.test(context ?? '') ? `automation ${context}` : 'automation';
    return { user: automation, administrator: administrator === 'false' ? false : undefined };
  }
  return { user: nameOf(user), administrator: administrator === 'true' };
}

async function ingressUser(headers: FastifyRequest['headers'], access: Access): Promise<Caller> {
  const id = String(headers['x-remote-user-id'] ?? '');
  const name = headers['x-remote-user-display-name'] || headers['x-remote-user-name'] || id || 'unknown';
  const administrator = id !== '' && (await access.isAdministrator?.(id)) === true;
  return {
    ...{ door: 'homeassistant', user: nameOf(String(name)), administrator, tokenName: undefined },
    ...{ ceiling: administrator ? 'destroy' : 'observe', owner: administrator },
  };
}

/** Headers hold Latin letters only: others come percent-encoded. */
function nameOf(text: string): string {
  let name = text;
  try {
    name = decodeURIComponent(text);
  } catch {
    // A plain name with a percent sign.
  }
  return (
    name
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, MOST_CHARACTERS) || 'unknown'
  );
}

const userRefused = (): LabError =>
  new LabError('user_refused', 'only the token “homeassistant” may say on whose behalf it asks', {
    hint: 'leave out X-Labkeeper-User and X-Labkeeper-Administrator',
  });

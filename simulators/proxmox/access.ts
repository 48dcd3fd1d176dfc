import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../addon/src/core/clock.ts';
import { AuthError, forbidden, PveError } from './errors.ts';

/** Privileges by path (`/`, `/vms/101`, …), or `all` of them everywhere. What is deeper counts. */
export type Acl = Readonly<Record<string, readonly string[]>> | 'all';

export interface User {
  /** With realm: `root@pam`. */
  readonly id: string;
  readonly password: string;
  readonly acl: Acl;
  readonly enabled?: boolean;
}

export interface ApiToken {
  /** `user@realm!name`. */
  readonly id: string;
  /** A UUID. */
  readonly secret: string;
  /** Its own: privileges are separated, so it may do what both it and its user may. */
  readonly acl: Acl;
  /** Seconds since 1970. */
  readonly expire?: number;
}

/** Who asks. */
export interface Identity {
  /** With the token's name, as in UPIDs. */
  readonly id: string;
  readonly acl: Acl;
  /** Of a token's user: nothing holds that is not in here as well. */
  readonly limit?: Acl;
  /** `root@pam` itself, for whom nothing is checked; no token is. */
  readonly root: boolean;
}

export interface Ticket {
  readonly username: string;
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

const TICKET_MS = 2 * 3_600_000;

/** Roles as Proxmox VE 9 has them, as far as the simulator asks for their privileges. */
const AUDIT = ['Sys.Audit', 'VM.Audit', 'Datastore.Audit', 'Pool.Audit', 'SDN.Audit', 'VM.GuestAgent.Audit'];
export const ROLES = {
  auditor: AUDIT,
  operator: [
    ...AUDIT,
    'VM.PowerMgmt',
    'VM.Snapshot',
    'VM.Backup',
    'VM.Migrate',
    'Datastore.AllocateSpace',
    'Sys.PowerMgmt',
    'Sys.Modify',
  ],
} as const;

/** Users, tokens, tickets and what each may do. */
export class AccessControl {
  /** How long a ticket is good for. */
  ticketMs = TICKET_MS;
  /** From Proxmox VE 9.2 on a client hears only `Authentication failed!`, whatever the reason. */
  silent = false;
  /** Every password is refused. */
  refusesLogins = false;
  /** Privileges by role, those that were made beside the built-in ones. */
  readonly roles = new Map<string, readonly string[]>([
    ['PVEAuditor', AUDIT],
    ['NoAccess', []],
  ]);
  readonly #clock: Clock;
  readonly #users = new Map<string, User>();
  readonly #tokens = new Map<string, ApiToken>();
  /** Tickets and CSRF tokens are signed with it. */
  #secret: string;

  constructor(clock: Clock, secret: string) {
    this.#clock = clock;
    this.#secret = secret;
  }

  addUser(user: User): void {
    this.#users.set(user.id, user);
  }

  /** Its user must exist. Also changes one. */
  addToken(token: ApiToken): void {
    this.#tokens.set(token.id, token);
  }

  get tokens(): readonly ApiToken[] {
    return [...this.#tokens.values()];
  }

  /** Whose rights are asked for. @throws PveError 500 for somebody who does not exist */
  rightsOf(id: string): Pick<Identity, 'acl' | 'limit'> {
    const [userId = '', name] = id.split('!');
    const user = this.#users.get(userId);
    const token = this.#tokens.get(id);
    if (user === undefined || (name !== undefined && token === undefined)) {
      throw new PveError(500, `no such user ('${id}')`);
    }
    return token === undefined ? { acl: user.acl } : { acl: token.acl, limit: user.acl };
  }

  /** @param id of a user or a token. @throws Error when there is no such */
  changeAcl(id: string, change: (acl: Acl) => Acl): void {
    const token = this.#tokens.get(id);
    const user = this.#users.get(id);
    if (token !== undefined) this.#tokens.set(id, { ...token, acl: change(token.acl) });
    else if (user !== undefined) this.#users.set(id, { ...user, acl: change(user.acl) });
    else throw new Error(`no such user or token ('${id}')`);
  }

  revoke(tokenId: string): void {
    this.#tokens.delete(tokenId);
  }

  /** No ticket made until now is good any longer. */
  expireTickets(): void {
    this.#secret = createHmac('sha256', this.#secret).update('next').digest('hex');
  }

  /** @throws AuthError with Proxmox VE's own words */
  byToken(header: string): Identity {
    return this.#told(() => {
      const at = header.lastIndexOf('=');
      if (at < 0) throw new AuthError('no tokenid specified');
      const id = header.slice(0, at);
      const [userId = '', name] = id.split('!');
      if (name === undefined) throw new AuthError(`'${id}' is not a valid token ID`);
      const user = this.#enabled(userId);
      const token = this.#tokens.get(id);
      if (token === undefined) throw new AuthError(`no such token '${name}' for user '${userId}'`);
      if (token.expire !== undefined && token.expire < this.#clock.now() / 1_000) {
        throw new AuthError(`token '${name}' access expired`);
      }
      if (token.secret !== header.slice(at + 1)) throw new AuthError('invalid token value!');
      return { id, acl: token.acl, limit: user.acl, root: false };
    });
  }

  byTicket(ticket: string): Identity {
    return this.#told(() => {
      const [, userId = '', stamp = '', signature = ''] =
        /^PVE:(\S+):([0-9A-F]{8})::(\S+)$/.exec(ticket) ?? [];
      const age = this.#clock.now() / 1_000 - Number.parseInt(stamp, 16);
      // A clock that differs by five minutes is forgiven.
      const good =
        this.#same(signature, `PVE:${userId}:${stamp}`) && age > -300 && age < this.ticketMs / 1_000;
      if (!good) throw new AuthError('permission denied - invalid PVE ticket');
      const { id, acl } = this.#enabled(userId);
      return { id, acl, root: id === 'root@pam' };
    });
  }

  checkCsrf({ id }: Identity, token: string | undefined): void {
    const [stamp = '', signature = ''] = (token ?? '').split(':');
    const age = this.#clock.now() / 1_000 - Number.parseInt(stamp, 16);
    if (!this.#same(signature, `${stamp}:${id}`) || age < -300 || age >= this.ticketMs / 1_000) {
      throw new AuthError('Permission denied - invalid csrf token');
    }
  }

  /** @throws PveError 401 with a body: the API itself answers */
  login(userId: string, password: string): Ticket {
    const user = this.#users.get(userId);
    // A good ticket is as good as the password: that renews it.
    const known = user !== undefined && user.enabled !== false && !this.refusesLogins;
    if (!known || !(user.password === password || this.#renews(userId, password))) {
      throw new PveError(401, 'authentication failure');
    }
    const stamp = Math.floor(this.#clock.now() / 1_000)
      .toString(16)
      .toUpperCase()
      .padStart(8, '0');
    const ticket = `PVE:${userId}:${stamp}`;
    return {
      username: userId,
      ticket: `${ticket}::${this.#sign(ticket)}`,
      CSRFPreventionToken: `${stamp}:${this.#sign(`${stamp}:${userId}`)}`,
    };
  }

  #renews(userId: string, ticket: string): boolean {
    try {
      return ticket.startsWith('PVE:') && this.byTicket(ticket).id === userId;
    } catch {
      return false;
    }
  }

  #enabled(userId: string): User {
    const user = this.#users.get(userId);
    if (user === undefined) throw new AuthError(`no such user ('${userId}')`);
    if (user.enabled === false) throw new AuthError(`user '${userId}' is disabled`);
    return user;
  }

  #told<Result>(verify: () => Result): Result {
    try {
      return verify();
    } catch (thrown) {
      throw this.silent && thrown instanceof AuthError ? new AuthError('Authentication failed!') : thrown;
    }
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64');
  }

  #same(signature: string, text: string): boolean {
    const expected = Buffer.from(this.#sign(text));
    const given = Buffer.from(signature);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}

/** What both somebody and, of a token, its user hold at a path. */
export function heldAt(
  { acl, limit = 'all' }: Pick<Identity, 'acl' | 'limit'>,
  path: string,
): ReadonlySet<string> | 'all' {
  const [own, most] = [privilegesAt(acl, path), privilegesAt(limit, path)];
  if (own === 'all') return most;
  return most === 'all' ? own : own.intersection(most);
}

/** The privileges that hold at a path: of the entry that is nearest to it from above. */
export function privilegesAt(acl: Acl, path: string): ReadonlySet<string> | 'all' {
  if (acl === 'all') return 'all';
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const entry = acl[at];
    if (entry !== undefined) return new Set(entry);
    if (at === '/') return new Set();
  }
}

export function may(who: Identity, path: string, privilege: string): boolean {
  if (who.root) return true;
  const held = heldAt(who, path);
  return held === 'all' || held.has(privilege);
}

/** @throws PveError 403 that names the path and what is missing */
export function check(who: Identity, path: string, privileges: readonly string[], any = false): void {
  if (any) {
    if (!privileges.some((privilege) => may(who, path, privilege))) {
      throw forbidden(`${path}, ${privileges.join('|')}`);
    }
    return;
  }
  const missing = privileges.find((privilege) => !may(who, path, privilege));
  if (missing !== undefined) throw forbidden(`${path}, ${missing}`);
}

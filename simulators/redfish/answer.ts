import { createHash } from 'node:crypto';
import {
  already,
  badValue,
  changedMeanwhile,
  missing,
  Refusal,
  sessionsFull,
  unauthorized,
} from './errors.ts';
import type { Machine } from './machine.ts';
import { collection, type Resource } from './resource.ts';
import type { Sessions } from './sessions.ts';
import { MANAGER, RESET, resourcesOf, SESSIONS, SYSTEM } from './tree.ts';
import { logPage } from './views/log.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const ROOT = '/redfish/v1';
const SEL = `${MANAGER}/LogServices/Sel/Entries`;

/** What the service answers. @throws Refusal */
export function answerOf(machine: Machine, sessions: Sessions, asked: Asked): Answer {
  const { method, headers } = asked;
  const path = asked.path.replace(/(?<=.)\/$/, '');
  if (method === 'POST' && path === SESSIONS) return logIn(sessions, asked.body);
  if (!(method === 'GET' && path === ROOT) && !sessions.isLetIn(headers)) throw unauthorized();
  const [, session] = new RegExp(`^${SESSIONS}/(\\d+)$`).exec(path) ?? [];
  if (method === 'DELETE' && session !== undefined) {
    if (!sessions.end(Number(session))) throw missing(path);
    return {
      status: 200,
      body: new Refusal(200, 'Base.1.12.Success', 'Successfully Completed Request').body,
    };
  }
  if (session !== undefined && sessions.ids.includes(Number(session))) {
    return { status: 200, body: { '@odata.id': path, Id: session, Name: 'User Session' } };
  }
  if (method === 'POST' && path === RESET) return reset(machine, asked.body);
  const resource = path === SESSIONS ? sessionList(sessions) : find(machine, path, asked.query);
  if (resource === undefined) throw missing(path);
  const etag = `W/"${createHash('sha256').update(JSON.stringify(resource)).digest('hex').slice(0, 16)}"`;
  if (method === 'GET') {
    if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    return { status: 200, headers: { etag }, body: resource };
  }
  if (method === 'PATCH' && path === SYSTEM) {
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag) throw changedMeanwhile();
    return change(machine, asked.body);
  }
  throw new Refusal(405, 'IDRAC.2.8.SYS405', 'The method is not allowed for this resource.');
}

function find(machine: Machine, path: string, query: URLSearchParams): Resource | undefined {
  if (path === SEL) return logPage(machine, path, Number(query.get('$skip') ?? 0));
  const all = resourcesOf(machine);
  const resource = all.get(path);
  const members = resource?.Members as readonly Resource[] | undefined;
  if (resource === undefined || members === undefined || !query.has('$expand')) return resource;
  if (machine.spec.expands !== true) {
    throw new Refusal(501, 'Base.1.12.QueryNotSupported', 'Querying is not supported by the implementation.');
  }
  return { ...resource, Members: members.map((member) => all.get(member['@odata.id']) ?? member) };
}

const sessionList = ({ ids }: Sessions): Resource =>
  collection(
    SESSIONS,
    'SessionCollection',
    ids.map((id) => `${SESSIONS}/${id}`),
  );

function logIn(sessions: Sessions, text: string): Answer {
  const { UserName: user, Password: password } = parsed(text);
  const session = sessions.logIn(user, password);
  if (session === 'wrong') throw unauthorized();
  if (session === 'full') throw sessionsFull();
  const path = `${SESSIONS}/${session.id}`;
  return {
    status: 201,
    headers: { 'x-auth-token': session.token, location: path },
    body: {
      '@odata.id': path,
      '@odata.type': '#Session.v1_6_0.Session',
      ...{ Id: String(session.id), Name: 'User Session', UserName: user, Password: null },
    },
  };
}

function reset(machine: Machine, text: string): Answer {
  const { ResetType: type } = parsed(text);
  const act = new Map<unknown, () => boolean>([
    ['On', () => machine.switchOn()],
    ['GracefulShutdown', () => machine.shutDown()],
    ['ForceOff', () => machine.forceOff()],
  ]).get(type);
  if (act === undefined) throw badValue('ResetType');
  if (!act()) throw already();
  return { status: 204 };
}

/** At an iDRAC that has no `LocationIndicatorActive`, the light is never off. */
function change(machine: Machine, text: string): Answer {
  const { IndicatorLED: led, LocationIndicatorActive: active } = parsed(text);
  if (machine.spec.locationIndicator === true) {
    if (typeof active !== 'boolean') throw badValue('LocationIndicatorActive');
    machine.identify = active;
  } else {
    if (led !== 'Blinking' && led !== 'Lit') throw badValue('IndicatorLED');
    machine.identify = led === 'Blinking';
  }
  return { status: 200, body: new Refusal(200, 'Base.1.12.Success', 'Successfully Completed Request').body };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Refusal(400, 'Base.1.12.MalformedJSON', 'The request body submitted was malformed JSON.');
  }
}

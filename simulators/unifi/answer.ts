import { type Answer, ok, refused } from './envelope.ts';
import { addNetwork, removeNetwork } from './networks.ts';
import { idOf, type PortOverride } from './site.ts';
import type { UnifiSimulatorState } from './state.ts';
import {
  clientView,
  deviceId,
  deviceView,
  eventViews,
  logViews,
  networkIdOf,
  networkViews,
  profileViews,
  wlanViews,
} from './views.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const consoleError = (status: number, code: string, message: string): Answer => ({
  status,
  body: { code, message, level: 'debug' },
});

/** What a controller of its own answers. */
export function legacyAnswer(state: UnifiSimulatorState, asked: Asked): Answer {
  const { method, path, headers, body } = asked;
  const { sessions } = state;
  if (path === '/') return { status: 302, headers: { location: '/manage' } };
  if (path === '/status') return ok([], { up: true, server_version: state.version, uuid: state.uuid });
  if (path === '/api/login' && method === 'POST') {
    const { username, password } = JSON.parse(body) as Record<string, unknown>;
    const session = sessions.logIn(username, password);
    if (session === 'limit') return refused(429, 'api.err.TooManyLoginAttempts');
    if (session === 'mfa') return refused(400, 'api.err.Ubic2faTokenRequired');
    if (session === 'locked') return refused(403, 'api.err.LoginBlocked');
    if (session === 'wrong') return refused(400, 'api.err.Invalid');
    const cookie = `unifises=${session.token}; Path=/; Secure; HttpOnly`;
    return { ...ok([]), headers: { 'set-cookie': [cookie, `csrf_token=${session.csrf}; Path=/; Secure`] } };
  }
  const session = sessions.find(String(headers.cookie ?? ''), 'unifises');
  if (session === undefined) return refused(401, 'api.err.LoginRequired');
  if (path === '/api/logout') {
    sessions.end(session);
    return ok([]);
  }
  return networkAnswer(state, asked);
}

/** What a console with UniFi OS answers, with the network application behind it. */
export function consoleAnswer(state: UnifiSimulatorState, asked: Asked): Answer {
  const { method, path, headers, body } = asked;
  const { sessions } = state;
  if (path === '/') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
  if (path === '/api/auth/login' && method === 'POST') {
    const { username, password } = JSON.parse(body) as Record<string, unknown>;
    const session = sessions.logIn(username, password);
    if (session === 'limit') {
      return {
        ...consoleError(429, 'AUTHENTICATION_FAILED_LIMIT_REACHED', "You've reached the login attempt limit"),
        headers: { 'retry-after': '120' },
      };
    }
    if (session === 'mfa') return consoleError(499, 'MFA_AUTH_REQUIRED', 'MFA authentication required');
    if (session === 'locked' || session === 'wrong') {
      return consoleError(403, 'AUTHENTICATION_FAILED_INVALID_CREDENTIALS', 'Invalid username or password');
    }
    const cookie = `TOKEN=${session.token}; path=/; samesite=strict; secure; httponly`;
    return {
      status: 200,
      headers: { 'set-cookie': cookie, 'x-csrf-token': session.csrf },
      body: { unique_id: 'labkeeper', username },
    };
  }
  const session = sessions.find(String(headers.cookie ?? ''), 'TOKEN');
  const hasKey = headers['x-api-key'] === sessions.apiKey;
  if (session === undefined && !hasKey) return consoleError(401, 'UNAUTHORIZED', 'Unauthorized');
  if (session !== undefined && method !== 'GET' && headers['x-csrf-token'] !== session.csrf) {
    return consoleError(403, 'FORBIDDEN', 'Invalid CSRF token');
  }
  if (path === '/api/auth/logout') {
    if (session !== undefined) sessions.end(session);
    return { status: 200, body: {} };
  }
  const [, inner] = /^\/proxy\/network(\/.*)$/.exec(path) ?? [];
  if (inner === undefined) return consoleError(404, 'NOT_FOUND', 'Not found');
  if (inner === '/status') return ok([], { up: true, server_version: state.version, uuid: state.uuid });
  return networkAnswer(state, { ...asked, path: inner });
}

function networkAnswer(state: UnifiSimulatorState, asked: Asked): Answer {
  const { site, generation } = state;
  if (asked.path === '/api/self/sites') {
    const _id = idOf(generation, `site ${site.name}`);
    return ok([{ _id, name: site.name, desc: site.title, role: state.sessions.role }]);
  }
  const [, owner, log] = /^\/v2\/api\/site\/([^/]+)\/system-log\/(all|critical)$/.exec(asked.path) ?? [];
  if (generation === 'os' && owner === site.name && asked.method === 'POST') {
    return {
      status: 200,
      body: { data: logViews(site, log === 'all' ? 'events' : 'alarms'), total_page_count: 1 },
    };
  }
  const [, name, rest] = /^\/api\/s\/([^/]+)\/(.+)$/.exec(asked.path) ?? [];
  if (name === undefined || rest === undefined) return refused(404, 'api.err.NotFound');
  if (name !== site.name) return refused(401, 'api.err.NoSiteContext');
  return asked.method === 'GET' ? readAnswer(state, rest) : writeAnswer(state, rest, asked);
}

function readAnswer({ site, generation, version, lacking }: UnifiSimulatorState, rest: string): Answer {
  if (lacking.has(rest)) return refused(404, 'api.err.NotFound');
  switch (rest) {
    case 'stat/device':
      return ok(site.devices.map((device) => deviceView(site, generation, device)));
    case 'stat/sta':
      return ok(
        site.clients
          .filter(({ connected }) => connected)
          .map((client) => clientView(site, generation, client)),
      );
    case 'rest/user':
      // Everybody who was there at some time.
      return ok(
        site.clients.map(({ mac, name, hostname, ip, network, isFixed, left = site.clock.now() }) => ({
          ...{ mac, name, hostname, last_seen: Math.floor(left / 1_000) },
          ...(isFixed && {
            use_fixedip: true,
            fixed_ip: ip,
            network_id: networkIdOf(site, generation, network),
          }),
        })),
      );
    case 'rest/networkconf':
      return ok(networkViews(site, generation));
    case 'rest/wlanconf':
      return ok(wlanViews(site, generation));
    case 'rest/portconf':
      return ok(profileViews(site, generation));
    case 'stat/sysinfo':
      return ok([{ version, name: site.title, timezone: 'Europe/Berlin', update_available: false }]);
    case 'stat/event':
      // Newer ones have a log of another form.
      return generation === 'legacy'
        ? ok(eventViews(site, generation, 'events'))
        : refused(404, 'api.err.NotFound');
    case 'stat/alarm':
      if (generation === 'os') return refused(404, 'api.err.NotFound');
      return ok(eventViews(site, generation, 'alarms'));
    default:
      return refused(404, 'api.err.NotFound');
  }
}

function writeAnswer(state: UnifiSimulatorState, rest: string, { method, body }: Asked): Answer {
  const { site, generation, sessions } = state;
  if (sessions.role === 'readonly') return refused(403, 'api.err.NoPermission');
  const sent = JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>;
  state.written.push({ method, path: rest, body: sent });
  if (rest === 'cmd/devmgr' && method === 'POST') {
    const device = site.device(String(sent.mac));
    if (device === undefined) return refused(400, 'api.err.UnknownDevice');
    if (sent.cmd === 'restart') site.restart(device);
    else if (sent.cmd === 'power-cycle') {
      const port = device.ports.find(({ index }) => index === sent.port_idx);
      if (port?.watts === undefined) return refused(400, 'api.err.InvalidTargetPort');
      site.cycle(device, port);
    } else return refused(400, 'api.err.UnknownCommand');
    return ok([]);
  }
  if (rest === 'rest/networkconf' && method === 'POST') return addNetwork(state, sent);
  const [, network] = /^rest\/networkconf\/(\w+)$/.exec(rest) ?? [];
  if (network !== undefined && method === 'DELETE') return removeNetwork(state, network);
  const [, list, id] = /^rest\/(device|wlanconf)\/(\w+)$/.exec(rest) ?? [];
  if (method !== 'PUT' || id === undefined) return refused(404, 'api.err.NotFound');
  if (list === 'device') {
    const device = site.devices.find((one) => deviceId(generation, one) === id);
    if (device === undefined) return refused(400, 'api.err.IdInvalid');
    // The list is taken as it is: what it leaves out of a port is gone.
    if (Array.isArray(sent.port_overrides)) device.overrides = sent.port_overrides as PortOverride[];
    site.provision(device);
    return ok([deviceView(site, generation, device)]);
  }
  const wlan = site.wlans.find((_, at) => idOf(generation, `wlan ${at}`) === id);
  if (wlan === undefined) return refused(400, 'api.err.IdInvalid');
  if (typeof sent.enabled === 'boolean') wlan.enabled = sent.enabled;
  for (const device of site.devices) if (device.role === 'accesspoint') site.provision(device);
  site.tell('wlanconf:sync', wlanViews(site, generation));
  return ok(wlanViews(site, generation).filter((one) => (one as { _id: string })._id === id));
}

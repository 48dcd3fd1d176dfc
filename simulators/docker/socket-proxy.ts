import type { SimulatorOptions } from './server.ts';

type Gate = NonNullable<SimulatorOptions['gate']>;

/** What stands in the environment of tecnativa/docker-socket-proxy; what is left out is off. */
export type ProxyFlags = Readonly<
  Partial<
    Record<
      | 'CONTAINERS'
      | 'EVENTS'
      | 'INFO'
      | 'VERSION'
      | 'SYSTEM'
      | 'IMAGES'
      | 'POST'
      | 'ALLOW_START'
      | 'ALLOW_STOP'
      | 'ALLOW_RESTARTS',
      boolean
    >
  >
>;

const FORBIDDEN = {
  status: 403,
  body: '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n',
};

/** A socket proxy as tecnativa's, asked for its flags at each call. */
export function socketProxy(flags: () => ProxyFlags): Gate {
  return (method, path) => {
    const { POST, ALLOW_START, ALLOW_STOP, ALLOW_RESTARTS, ...sections } = flags();
    const [, verb = ''] = /^\/containers\/[a-zA-Z0-9_.-]+\/(start|stop|restart|kill)/.exec(path) ?? [];
    if (verb === 'start' && ALLOW_START) return undefined;
    if (verb === 'stop' && ALLOW_STOP) return undefined;
    if (/^(stop|restart|kill)$/.test(verb) && ALLOW_RESTARTS) return undefined;
    if (method !== 'GET' && method !== 'HEAD' && !POST) return FORBIDDEN;
    const section = path.split('/')[1]?.toUpperCase() as keyof typeof sections;
    return section === ('_PING' as string) || sections[section] ? undefined : FORBIDDEN;
  };
}

/** One that knows a pattern for each method, as wollomatic/socket-proxy does. */
export function patternProxy(allowed: Readonly<Record<string, RegExp>>): Gate {
  return (method, path) => {
    const pattern = allowed[method];
    if (pattern === undefined) return { status: 405, type: 'text/plain', body: 'Method Not Allowed\n' };
    return pattern.test(path) ? undefined : { status: 403, type: 'text/plain', body: 'Forbidden\n' };
  };
}

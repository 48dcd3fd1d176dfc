/** What a room of `addon/src` may import beside its own files. */
interface Room {
  readonly rooms: readonly string[];
  /** Rooms of which it may know the types, by `import type`: nothing of them is loaded. */
  readonly types?: readonly string[];
  /** npm packages. */
  readonly packages?: readonly string[];
  /** Those of Node's modules that reach outside the process (`OUTSIDE_WORLD`). */
  readonly builtins?: readonly string[];
}

/** Node's modules that only some rooms may use; the others (crypto, util, streams …) are free. */
const OUTSIDE_WORLD = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'net',
].concat(['sqlite', 'tls', 'worker_threads']);

/** The table of DESIGN.md, section "Rooms". */
const ROOMS: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: ['pino'], builtins: OUTSIDE_WORLD },
  net: {
    rooms: ['core'],
    packages: ['undici', 'cockatiel'],
    // Certificate files are named in a system's options. `ssh` is a program.
    builtins: ['child_process', 'dns', 'fs', 'http', 'http2', 'https', 'net', 'tls'],
  },
  model: { rooms: ['core'] },
  kinds: { rooms: [], types: ['model'], packages: ['typebox'] },
  contract: { rooms: ['core', 'model', 'kinds'], packages: ['typebox'] },
  // Certificate files are named in a system's options.
  sources: {
    rooms: ['core', 'net', 'model', 'kinds', 'contract'],
    // Compose files are YAML.
    packages: ['typebox', 'yaml'],
    builtins: ['fs'],
  },
  registry: { rooms: ['sources'], types: ['contract'] },
  // The contract's own types speak of resources of the lab's kinds.
  engine: { rooms: ['core', 'model', 'contract'], types: ['kinds'] },
  lab: { rooms: ['core', 'model', 'kinds', 'contract'], packages: ['typebox'] },
  entities: { rooms: ['core', 'model', 'kinds'] },
  mqtt: {
    rooms: ['core', 'entities'],
    types: ['contract', 'kinds', 'model'],
    packages: ['mqtt', 'aedes'],
    builtins: ['net'],
  },
  actions: {
    rooms: ['core', 'model', 'contract'],
    types: ['kinds'],
    packages: ['typebox'],
    builtins: ['sqlite'],
  },
  http: {
    rooms: ['core', 'model', 'contract', 'actions'],
    types: ['kinds'],
    packages: [
      'fastify',
      'prom-client',
      'typebox',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/type-provider-typebox',
      '@modelcontextprotocol/sdk',
    ],
    builtins: ['fs'],
  },
  record: { rooms: ['core'], builtins: ['fs', 'net'] },
  // Finished sound is kept on the disk.
  voice: { rooms: ['core', 'net'], builtins: ['fs', 'net'] },
  homeassistant: {
    rooms: ['core', 'net'],
    types: ['contract', 'kinds'],
    packages: ['home-assistant-js-websocket'],
  },
  config: { rooms: ['core', 'contract', 'registry'], packages: ['typebox', 'yaml'], builtins: ['fs'] },
};

/** The composition root: `app.ts`, its parts in `app/`, and `main.ts` which starts it. */
const ROOT: Room = { rooms: Object.keys(ROOMS).filter((room) => room !== 'sources'), builtins: ['fs'] };
const ROOT_FILES = ['app.ts', 'main.ts'];

const isRoot = (file: string): boolean => ROOT_FILES.includes(file) || /^app\/[^/]+$/.test(file);

/** Each source's own vendor client, which nobody else may import. */
const VENDOR_CLIENTS: Readonly<Record<string, readonly string[]>> = {
  docker: ['dockerode'],
  mcp: ['@modelcontextprotocol/sdk'],
  // What draws the codes of its WLANs.
  unifi: ['qr'],
};

export type Rule =
  | 'unknown room'
  | 'outside'
  | 'composition root'
  | 'other source'
  | 'source index'
  | 'lazy source'
  | 'room'
  | 'types only'
  | 'package'
  | 'builtin'
  | 'computed'
  | 'cycle';

/** Which rule is broken, and what to do. */
export interface Breach {
  readonly rule: Rule;
  readonly message: string;
}

/** One import, as far as the rules care. */
export interface Import {
  readonly specifier: string;
  /** `import type` or `export type`: gone at run time. With `{ type A }` the module is still loaded. */
  readonly typeOnly: boolean;
  /** `import('…')` */
  readonly dynamic: boolean;
}

/** The room of a file, undefined for none. Paths are relative to `addon/src`, with slashes. */
function roomOf(file: string): string | undefined {
  if (isRoot(file)) return file;
  if (file === 'sources/registry.ts') return 'registry';
  const [folder = '', ...rest] = file.split('/');
  // Straight in `sources/` there is the registry and nothing else.
  const isFile = rest.length === (folder === 'sources' ? 1 : 0);
  return isFile || folder === 'registry' || ROOMS[folder] === undefined ? undefined : folder;
}

const vendorOf = (file: string): string | undefined =>
  roomOf(file) === 'sources' ? file.split('/')[1] : undefined;

export function breachOfPlace(file: string): Breach | undefined {
  if (roomOf(file) !== undefined) return undefined;
  const message = `no room holds ${file}: move it into one, or add its folder to the table in scripts/import-rules.ts`;
  return { rule: 'unknown room', message };
}

/** @param target the file that is imported, relative to `addon/src` */
export function breachOfFile(
  file: string,
  target: string,
  { typeOnly, dynamic }: Import,
): Breach | undefined {
  if (target.startsWith('../')) {
    const message = 'nothing outside addon/src is in the image: move what is needed into a room';
    return { rule: 'outside', message };
  }
  if (isRoot(target)) {
    if (file === 'main.ts' ? target === 'app.ts' : isRoot(file) && !ROOT_FILES.includes(target))
      return undefined;
    const message = `${target} puts the rooms together: hand in what ${file} needs of it, or move that into a room`;
    return { rule: 'composition root', message };
  }
  const from = roomOf(file);
  const to = roomOf(target);
  // Reported once, for the file itself.
  if (from === undefined || to === undefined) return to === undefined ? breachOfPlace(target) : undefined;
  if (to === 'sources') return breachOfSource(file, target, dynamic);
  if (from === to) return undefined;
  const { rooms, types = [] } = tableOf(from);
  if (rooms.includes(to) || (types.includes(to) && typeOnly)) return undefined;
  if (types.includes(to)) {
    const message = `${from} may know the types of ${to} only: use "import type", or have the value handed in`;
    return { rule: 'types only', message };
  }
  const allowed = [...rooms, ...types.map((room) => `types of ${room}`)].join(', ') || 'no other room';
  const message = `${from} may not import ${to} (it may: ${allowed}): have it handed in, or move the code`;
  return { rule: 'room', message };
}

function breachOfSource(file: string, target: string, dynamic: boolean): Breach | undefined {
  const vendor = vendorOf(target);
  if (vendorOf(file) === vendor) return undefined;
  if (roomOf(file) !== 'registry') {
    const message = `only sources/registry.ts imports ${vendor}: ask for a capability, or go through the contract`;
    return { rule: 'other source', message };
  }
  if (target !== `sources/${vendor}/index.ts`) {
    const message = `a source's index is its only export: import sources/${vendor}/index.ts, and export it there`;
    return { rule: 'source index', message };
  }
  if (dynamic) return undefined;
  const message = `${vendor} would be loaded where nobody uses it: write "await import(…)" in its registry line`;
  return { rule: 'lazy source', message };
}

/** @param name with its `node:` and its path, as in `node:fs/promises` */
export function breachOfBuiltin(file: string, name: string): Breach | undefined {
  const [module = ''] = name.replace(/^node:/, '').split('/');
  const room = roomOf(file);
  if (room === undefined || !OUTSIDE_WORLD.includes(module)) return undefined;
  if (tableOf(room).builtins?.includes(module)) return undefined;
  const message = `${room} may not use node:${module}: have what it reads or sends handed in`;
  return { rule: 'builtin', message };
}

/** @param specifier with its path, as in `typebox/value` */
export function breachOfPackage(file: string, specifier: string): Breach | undefined {
  const room = roomOf(file);
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (room === undefined) return undefined;
  const own = VENDOR_CLIENTS[vendorOf(file) ?? ''] ?? [];
  if (tableOf(room).packages?.includes(name) || own.includes(name)) return undefined;
  const holders = Object.keys(ROOMS).filter((other) => ROOMS[other]?.packages?.includes(name));
  const clients = Object.keys(VENDOR_CLIENTS).filter((vendor) => VENDOR_CLIENTS[vendor]?.includes(name));
  const where = [...holders, ...clients.map((vendor) => `sources/${vendor}`)].join(', ');
  const message =
    where === ''
      ? `${name} is in no room's list: add it in scripts/import-rules.ts if DESIGN.md names it`
      : `${name} belongs to ${where}: use it there, behind a type of ours`;
  return { rule: 'package', message };
}

function tableOf(room: string): Room {
  return ROOMS[room] ?? ROOT;
}

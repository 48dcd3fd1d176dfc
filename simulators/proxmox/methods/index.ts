import { check, type Identity } from '../access.ts';
import { badParameters, forbidden } from '../errors.ts';
import type { Values } from '../parameters.ts';
import { ACCESS_METHODS } from './access.ts';
import { CLUSTER_METHODS } from './cluster.ts';
import { GUEST_METHODS } from './guests.ts';
import { HARDWARE_METHODS } from './hardware.ts';
import { MAKING_METHODS } from './making.ts';
import type { AtPath, Method } from './method.ts';
import { NODE_CONDITION_METHODS } from './node-condition.ts';
import { NODE_METHODS } from './nodes.ts';
import { POWER_METHODS } from './power.ts';
import { STORAGE_METHODS } from './storage.ts';
import { TASK_METHODS } from './tasks.ts';

/** All that is implemented. */
export const METHODS: readonly Method[] = [
  ...ACCESS_METHODS,
  ...CLUSTER_METHODS,
  ...NODE_METHODS,
  ...NODE_CONDITION_METHODS,
  ...HARDWARE_METHODS,
  ...STORAGE_METHODS,
  ...TASK_METHODS,
  ...GUEST_METHODS,
  ...MAKING_METHODS,
  ...POWER_METHODS,
];

export interface Found {
  readonly method: Method;
  /** What the path's parts in braces are. */
  readonly inPath: Values;
}

const PATTERNS = METHODS.map((method) => {
  const names = [...method.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return { method, names, pattern: new RegExp(`^${pathPattern(method.path)}$`) };
});

/** A volume's id holds a slash of its own. */
function pathPattern(path: string): string {
  return path.replace('{volume}', '(.+)').replace(/\{\w+\}/g, '([^/]+)');
}

/** @param path below `/api2/json`, its escapes decoded: that is when Proxmox VE splits it */
export function findMethod(verb: string, path: string): Found | undefined {
  for (const { method, names, pattern } of PATTERNS) {
    const match = method.method === verb ? pattern.exec(path) : null;
    if (match === null) continue;
    return { method, inPath: Object.fromEntries(names.map((name, index) => [name, match[index + 1]])) };
  }
  return undefined;
}

/** Of path and request together. @throws PveError 400 where they contradict */
export function merged(inPath: Values, given: Values): Values {
  for (const [name, value] of Object.entries(given)) {
    if (inPath[name] === undefined || String(inPath[name]) === String(value)) continue;
    throw badParameters({ [name]: 'duplicate parameter (already defined in URI) with conflicting values!' });
  }
  return { ...given, ...inPath };
}

/** @throws PveError 403 */
export function permit({ permission }: Method, who: Identity | undefined, values: Values): void {
  if (permission === 'world') return;
  if (who === undefined) throw forbidden('user != null');
  if (permission === 'all') return;
  for (const each of 'and' in permission ? permission.and : [permission]) permitOne(each, who, values);
}

function permitOne(permission: AtPath | { readonly or: readonly AtPath[] }, who: Identity, values: Values) {
  const each = 'or' in permission ? permission.or : [permission];
  const checked = each
    .filter(({ requires }) => requires === undefined || values[requires] !== undefined)
    .map(({ path, privileges, any }) => () => {
      const at = path.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
      check(who, at, privileges, any === true);
    });
  // Of several it is the last one that is complained of.
  for (const tried of checked.slice(0, -1)) {
    try {
      tried();
      return;
    } catch {}
  }
  checked.at(-1)?.();
}

import { matchesGlob } from 'node:path';
import { ELEMENT, type SupervisorElement } from './supervisor-validator.ts';

/**
 * What the Supervisor asks of an app's config.yaml and translations: the behaviour of `SCHEMA_ELEMENT` and of the fields
 * that we use (supervisor/apps/validate.py of summer 2026). It drops fields that it does not know; here they are faults.
 */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const truth: Check = (value) => typeof value === 'boolean';
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const dictOf =
  (key: Check, check: Check): Check =>
  (value) =>
    isDict(value) && Object.entries(value).every(([name, entry]) => key(name) && check(entry));
const port: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;

/** Also the rule that a list may not directly hold a list. */
const element: Check = (value) =>
  matches(ELEMENT)(value) ||
  (Array.isArray(value) && value.every((inner) => !Array.isArray(inner) && element(inner))) ||
  dictOf(text, element)(value);

const MAP_TYPES =
  'data config ssl local_apps backup share media homeassistant_config all_app_configs app_config';
const volume: Check = (value) =>
  isDict(value) &&
  Object.keys(value).every((key) => ['type', 'read_only', 'path'].includes(key)) &&
  oneOf(...MAP_TYPES.split(' '))(value.type) &&
  (value.read_only === undefined || truth(value.read_only));

const REQUIRED: Readonly<Record<string, Check>> = {
  name: text,
  version: text,
  slug: matches(/^[-_.A-Za-z0-9]+$/),
  description: text,
  arch: listOf(oneOf('aarch64', 'amd64')),
};
const OPTIONAL: Readonly<Record<string, Check>> = {
  url: matches(/^https?:\/\/[^/]+/),
  startup: oneOf('initialize', 'system', 'services', 'application', 'once'),
  boot: oneOf('auto', 'manual', 'manual_only'),
  init: truth,
  stage: oneOf('stable', 'experimental', 'deprecated'),
  homeassistant: text,
  homeassistant_api: truth,
  hassio_api: truth,
  services: listOf(matches(/^(mqtt|mysql):(provide|want|need)$/)),
  discovery: listOf(text),
  ingress: truth,
  ingress_port: (value) => value === 0 || port(value),
  ingress_stream: truth,
  panel_icon: text,
  panel_title: text,
  panel_admin: truth,
  watchdog: matches(/^(?:https?|\[PROTO:\w+\]|tcp):\/\/\[HOST\]:(\[PORT:\d+\]|\d+).*$/),
  backup: oneOf('hot', 'cold'),
  backup_pre: text,
  backup_post: text,
  backup_exclude: listOf(text),
  timeout: (value) => Number.isInteger(value) && (value as number) >= 10 && (value as number) <= 300,
  // `RE_DOCKER_IMAGE` of supervisor/validate.py.
  image: matches(/^([a-zA-Z\-.:\d{}]+\/)*?([-\w{}]+)\/([-\w{}]+)$/),
  ports: dictOf(matches(/^\d+(?:\/tcp|\/udp)?$/), (value) => value === null || port(value)),
  map: listOf(volume),
  schema: dictOf(text, element),
  options: isDict,
};

/** What of a config.yaml the Supervisor would refuse or drop, by field. */
export function configFaults(config: Readonly<Record<string, unknown>>): readonly string[] {
  const missing = Object.keys(REQUIRED).filter((key) => !(key in config));
  const wrong = Object.entries(config).filter(([key, value]) => {
    const check = { ...REQUIRED, ...OPTIONAL }[key];
    return check === undefined || !check(value);
  });
  return [...missing, ...wrong.map(([key]) => key)];
}

/**
 * How safe the Supervisor calls an app: `rating_security` of supervisor/apps/utils.py. The most is 8.
 *
 * @param profile whether an AppArmor profile lies beside config.yaml
 */
export function securityRating(config: Readonly<Record<string, unknown>>, profile: boolean): number {
  const privileged = (config.privileged ?? []) as readonly string[];
  const grave =
    'BPF CHECKPOINT_RESTORE DAC_READ_SEARCH NET_ADMIN NET_RAW PERFMON SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO';
  if (config.docker_api === true || config.full_access === true) return 1;
  let rating = 5;
  if (config.apparmor === false) rating -= 1;
  else if (profile) rating += 1;
  if (config.ingress === true) rating += 2;
  else if (config.auth_api === true) rating += 1;
  if (config.kernel_modules === true || privileged.some((name) => grave.split(' ').includes(name)))
    rating -= 1;
  if (config.hassio_role === 'manager') rating -= 1;
  if (config.hassio_role === 'admin') rating -= 2;
  if (config.host_network === true) rating -= 1;
  if (config.host_pid === true) rating -= 2;
  if (config.host_uts === true && privileged.includes('SYS_ADMIN')) rating -= 1;
  return Math.max(Math.min(8, rating), 1);
}

/** Whether a file of the data folder is left out of backups: `PurePath.match` with each entry, from the end of the path. */
export const isExcluded = (file: string, exclude: readonly string[]): boolean =>
  exclude.some((pattern) => {
    const wanted = pattern.split('/').reverse();
    const given = `mnt/data/supervisor/addons/data/x_labkeeper/${file}`.split('/').reverse();
    return wanted.every((part, index) => matchesGlob(given[index] ?? '', part));
  });

/** Whether an element of `schema` is one. */
export const isElement = (value: unknown): value is SupervisorElement => element(value);

/** What of a translation the Supervisor would refuse or drop, by path. */
export function translationFaults(translation: unknown, path = ''): readonly string[] {
  if (!isDict(translation)) return [path];
  if (path === '') {
    const { configuration, network, ...others } = translation;
    const ports = dictOf(text, text)(network) ? [] : ['network'];
    return [...Object.keys(others), ...ports, ...entryFaults(configuration, 'configuration')];
  }
  const { name, description, fields, ...others } = translation;
  const faults = Object.keys(others).map((key) => `${path}.${key}`);
  if (!text(name)) faults.push(`${path}.name`);
  if (description !== undefined && !text(description)) faults.push(`${path}.description`);
  return fields === undefined ? faults : [...faults, ...entryFaults(fields, path)];
}

const entryFaults = (entries: unknown, path: string): readonly string[] =>
  isDict(entries)
    ? Object.entries(entries).flatMap(([key, entry]) => translationFaults(entry, `${path}.${key}`))
    : [path];

function isDict(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

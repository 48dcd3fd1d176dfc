import type { Alias, AliasType } from './resource.ts';

const STRONG: readonly AliasType[] = ['mac', 'serial', 'smbios', 'pci', 'gpu_uuid', 'endpoint'];

/** What firmware and drivers write where nobody filled in a value. Lower-case. */
const PLACEHOLDERS = new Set([
  ...[
    'none',
    '(none)',
    'null',
    'nil',
    'n/a',
    'na',
    'oem',
    'o.e.m.',
    'empty',
    'unknown',
    'undefined',
    'invalid',
  ],
  ...[
    'default',
    'default string',
    'to be filled by o.e.m.',
    'to be filled by oem',
    'not specified',
    'not set',
  ],
  ...[
    'not available',
    'not applicable',
    'not present',
    'not provided',
    'no asset information',
    'serial number',
  ],
  ...['system serial number', 'chassis serial number', 'base board serial number', '[no data]', '[n/a]'],
  ...['0123456789', '01234567890123456789', '123456789', '1234567890', '12345678', '1234567'],
  // The UUID of boards whose vendor left the firmware's example in, in both byte orders.
  ...['03000200-0400-0500-0006-000700080009', '00020003-0004-0005-0006-000700080009'],
]);

const MAC = /^[0-9a-f][048c](:[0-9a-f]{2}){5}$/;
/** Loopback, link-local and unspecified addresses, and the one that Docker gives its own bridge on every machine. */
const NOWHERE = /^(127\.|169\.254\.|fe[89ab][0-9a-f]:|0\.0\.0\.0$|::1?$|172\.17\.0\.1$)/;
const THIS_MACHINE = /^localhost6?(\.|$)/;
const BARE_PCI_ADDRESS = /^pci:([0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}(\.[0-7])?$/;

export function typeOf(alias: Alias): AliasType {
  return alias.slice(0, alias.indexOf(':')) as AliasType;
}

/** Whether one alias of this type is enough to know a resource by. */
export function isStrong(alias: Alias): boolean {
  return STRONG.includes(typeOf(alias));
}

/**
 * Whether it says which thing is meant. Placeholders and zeros say nothing, nor do MACs that software made up: each
 * hypervisor and container engine makes up the same ones.
 */
export function counts(alias: Alias): boolean {
  const type = typeOf(alias);
  const value = alias.slice(type.length + 1);
  if (PLACEHOLDERS.has(value)) return false;
  if (type === 'mac') return MAC.test(value) && !isUniform(value);
  if (type === 'ip') return value !== '' && !NOWHERE.test(value);
  if (type === 'endpoint') return isSomewhere(value.slice(0, value.lastIndexOf(':')));
  if (type === 'hostname') return value !== '' && !THIS_MACHINE.test(value);
  return !isUniform(type === 'gpu_uuid' ? value.replace(/^(gpu|mig)-/, '') : value);
}

/**
 * Whether two resources that share it are one thing. The address of a slot alone is the same in many machines: it
 * can find a thing, but does not make two of them one; nor does where one is reached, which is a matter of settings.
 */
export function makesOne(alias: Alias): boolean {
  return isStrong(alias) && typeOf(alias) !== 'endpoint' && !BARE_PCI_ADDRESS.test(alias);
}

/** A loopback address is another machine's from there than from here. */
const isSomewhere = (host: string): boolean => host !== '' && !NOWHERE.test(host) && !THIS_MACHINE.test(host);

/** Nothing, or one character again and again (`0000-00…`, `ffff…`, `xxxx`). */
function isUniform(value: string): boolean {
  return new Set(value.replaceAll(/[^a-z0-9]/g, '')).size <= 1;
}

import { stringify } from 'yaml';
import type { CreateVmInput } from '../../../contract/inputs/create-vm.ts';
import { isoImage } from '../../../core/iso9660.ts';

/** What of an input stands in the seed beside the user data; nothing of it is secret. */
export interface SeedAbout {
  /** cloud-init takes another one for another machine, and begins anew. */
  readonly instance: string;
  readonly name: string;
  readonly user?: string | undefined;
  readonly keys: readonly string[];
  readonly ip: string;
  readonly gateway?: string | undefined;
  readonly dns: readonly string[];
  readonly domain?: string | undefined;
}

export const seedAboutOf = (
  { name, user, ssh_keys: keys = [], ip = 'dhcp', gateway, dns = [], search_domain: domain }: CreateVmInput,
  instance: string,
): SeedAbout => ({ instance, name, user, keys, ip, gateway, dns, domain });

/**
 * A NoCloud seed: the image that cloud-init looks for at the first boot.
 *
 * @param userData of the person: cloud-config, a script, or another of the kinds that cloud-init knows by their first line
 * @param time in it, milliseconds since 1970
 */
export function seedImage(about: SeedAbout, userData: string, time: number): Buffer {
  const { instance, name } = about;
  const files = {
    'meta-data': stringify({ 'instance-id': instance, 'local-hostname': name }),
    'network-config': networkOf(about),
    'user-data': partsOf([userData, cloudConfigOf(about)]),
  };
  return isoImage(
    'cidata',
    Object.entries(files).map(([file, text]) => ({ name: file, data: Buffer.from(text) })),
    time,
  );
}

/** What is done beside what the person wants: the user, and the agent that tells the machine's address. */
function cloudConfigOf({ name, user, keys, domain }: SeedAbout): string {
  const config = {
    hostname: name,
    ...(domain !== undefined && { fqdn: `${name}.${domain}` }),
    ...(user === undefined
      ? keys.length > 0 && { ssh_authorized_keys: keys }
      : {
          users: [
            {
              name: user,
              groups: 'sudo',
              shell: '/bin/bash',
              sudo: 'ALL=(ALL) NOPASSWD:ALL',
              ssh_authorized_keys: keys,
            },
          ],
        }),
    package_update: true,
    packages: ['qemu-guest-agent'],
    runcmd: [['systemctl', 'enable', '--now', 'qemu-guest-agent']],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function networkOf({ ip, gateway, dns, domain }: SeedAbout): string {
  const nameservers =
    dns.length === 0 && domain === undefined
      ? {}
      : { nameservers: { addresses: dns, ...(domain !== undefined && { search: [domain] }) } };
  const card =
    ip === 'dhcp'
      ? { dhcp4: true, ...nameservers }
      : {
          addresses: [ip],
          ...(gateway !== undefined && { routes: [{ to: '0.0.0.0/0', via: gateway }] }),
          ...nameservers,
        };
  // Whatever its first card is called.
  return stringify({ version: 2, ethernets: { first: { match: { name: 'e*' }, ...card } } });
}

const BOUNDARY = '==============labkeeper==';
/** What a part is, by how it begins, as cloud-init has it. */
const TYPES: readonly (readonly [string, string])[] = [
  ['#cloud-config-archive', 'text/cloud-config-archive'],
  ['#cloud-config', 'text/cloud-config'],
  ['#cloud-boothook', 'text/cloud-boothook'],
  ['#include', 'text/x-include-url'],
  ['## template: jinja', 'text/jinja2'],
  ['#!', 'text/x-shellscript'],
];

/**
 * All parts are done. Where two say something of one key, the first counts, and lists go on: what the person wants stands
 * before what is done beside it.
 */
function partsOf(texts: readonly string[]): string {
  const parts = texts.map((text) => {
    const [, type = 'text/cloud-config'] = TYPES.find(([begin]) => text.startsWith(begin)) ?? [];
    return [
      `--${BOUNDARY}`,
      `Content-Type: ${type}; charset="utf-8"`,
      'MIME-Version: 1.0',
      'Content-Transfer-Encoding: base64',
      'Merge-Type: list(append)+dict(no_replace,recurse_list)+str()',
      '',
      ...(Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []),
    ].join('\n');
  });
  const head = `Content-Type: multipart/mixed; boundary="${BOUNDARY}"\nMIME-Version: 1.0\n`;
  return `${head}\n${parts.join('\n')}\n--${BOUNDARY}--\n`;
}

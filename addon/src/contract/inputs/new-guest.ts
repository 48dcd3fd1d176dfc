import Type, { type TSchemaOptions } from 'typebox';

const optional = Type.Optional;
type Texts = Pick<TSchemaOptions, 'title' | 'description'> & {
  readonly de: { readonly title: string; readonly description: string };
};

/** A name that is also a host name. */
export const guestName = Type.String({
  ...{ pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$', examples: ['web'] },
  ...{ title: 'Name', description: 'Its name, which is its host name too: letters, digits and hyphens.' },
  de: {
    title: 'Name',
    description: 'Sein Name, zugleich sein Hostname: Buchstaben, Ziffern und Bindestriche.',
  },
});

/** A storage, pool or bridge, as Proxmox VE names them. */
const word = (texts: Texts) => Type.String({ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,62}$', ...texts });
const address = '([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+';

export const storageField = optional(
  word({
    title: 'Storage',
    description: 'For its disks. Left out: the one with most room.',
    de: { title: 'Speicher', description: 'Für seine Platten. Ohne Angabe: der mit dem meisten Platz.' },
  }),
);

export const poolField = optional(
  word({
    title: 'Pool',
    description: 'Resource pool that it comes into.',
    de: { title: 'Pool', description: 'Ressourcen-Pool, in den er kommt.' },
  }),
);

/** How large it is. */
export const sizeFields = {
  cores: optional(
    Type.Integer({
      ...{ minimum: 1, maximum: 512, default: 2 },
      ...{ title: 'CPUs', description: 'Number of virtual CPUs.' },
      de: { title: 'CPUs', description: 'Zahl der virtuellen CPUs.' },
    }),
  ),
  memory: optional(
    Type.Number({
      ...{ minimum: 0.0625, maximum: 4_096, default: 2 },
      ...{ title: 'Memory', description: 'Memory in GiB.' },
      de: { title: 'Arbeitsspeicher', description: 'Arbeitsspeicher in GiB.' },
    }),
  ),
  disk: optional(
    Type.Integer({
      ...{ minimum: 1, maximum: 65_536 },
      title: 'Disk',
      description: 'Size of its disk in GiB. Left out: that of what it is made from, else a usual one.',
      de: {
        title: 'Platte',
        description: 'Größe seiner Platte in GiB. Ohne Angabe: die der Vorlage, sonst eine übliche.',
      },
    }),
  ),
  storage: storageField,
};

/** Where in the network it is. */
export const networkFields = {
  bridge: optional(
    word({
      title: 'Bridge',
      description: 'Bridge of the node. Left out: its first one.',
      de: { title: 'Bridge', description: 'Bridge des Knotens. Ohne Angabe: die erste.' },
    }),
  ),
  vlan: optional(
    Type.Integer({
      ...{ minimum: 1, maximum: 4_094, title: 'VLAN', description: 'VLAN id, 1 to 4094.' },
      de: { title: 'VLAN', description: 'VLAN-ID, 1 bis 4094.' },
    }),
  ),
  ip: optional(
    Type.String({
      ...{ pattern: '^(dhcp|([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2})$', default: 'dhcp' },
      ...{ examples: ['10.0.20.5/24'], title: 'Address' },
      description: 'IPv4 address with prefix length, as in 10.0.20.5/24, or dhcp.',
      de: { title: 'Adresse', description: 'IPv4-Adresse mit Präfixlänge, etwa 10.0.20.5/24, oder dhcp.' },
    }),
  ),
  gateway: optional(
    Type.String({
      ...{
        pattern: '^([0-9]{1,3}\\.){3}[0-9]{1,3}$',
        title: 'Gateway',
        description: 'IPv4 address of its gateway.',
      },
      de: { title: 'Gateway', description: 'IPv4-Adresse seines Gateways.' },
    }),
  ),
  dns: optional(
    Type.Array(Type.String({ pattern: `^(${address})$` }), {
      ...{
        maxItems: 3,
        title: 'Name servers',
        description: 'Addresses of name servers. Left out: those of the node.',
      },
      de: { title: 'Nameserver', description: 'Adressen von Nameservern. Ohne Angabe: die des Knotens.' },
    }),
  ),
  search_domain: optional(
    Type.String({
      ...{ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$' },
      ...{ title: 'Search domain', description: 'Domain that names without one are looked up in.' },
      de: { title: 'Suchdomäne', description: 'Domäne, in der Namen ohne Domäne gesucht werden.' },
    }),
  ),
};

/** A line of a file `authorized_keys`. */
export const sshKeysField = optional(
  Type.Array(
    Type.String({
      pattern: '^(ssh|ecdsa|sk)-[a-zA-Z0-9@.-]+ [A-Za-z0-9+/=]+( [^\\n\\r]*)?$',
      maxLength: 2_000,
    }),
    {
      maxItems: 20,
      title: 'SSH keys',
      description: 'Public keys that may log in, each as in a file “authorized_keys”.',
      de: {
        title: 'SSH-Schlüssel',
        description:
          'Öffentliche Schlüssel, die sich anmelden dürfen, jeder wie in einer Datei „authorized_keys“.',
      },
    },
  ),
);

/** What becomes of it. */
export const fateFields = {
  tags: optional(
    Type.Array(Type.String({ pattern: '^[a-z0-9_][a-z0-9_+.-]{0,63}$' }), {
      ...{ maxItems: 20, title: 'Tags', description: 'Tags in Proxmox VE, lower case.' },
      de: { title: 'Tags', description: 'Tags in Proxmox VE, in Kleinbuchstaben.' },
    }),
  ),
  pool: poolField,
  start_on_boot: optional(
    Type.Boolean({
      ...{ default: false, title: 'Start on boot', description: 'Start it with its node.' },
      de: { title: 'Beim Booten starten', description: 'Ihn mit seinem Knoten starten.' },
    }),
  ),
  start: optional(
    Type.Boolean({
      ...{ default: true, title: 'Start', description: 'Start it when it is made.' },
      de: { title: 'Starten', description: 'Ihn starten, wenn er angelegt ist.' },
    }),
  ),
};

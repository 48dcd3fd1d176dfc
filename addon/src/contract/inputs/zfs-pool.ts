import Type, { type Static } from 'typebox';

export const RAID_LEVELS = ['single', 'mirror', 'raid10', 'raidz', 'raidz2', 'raidz3'] as const;
export type RaidLevel = (typeof RAID_LEVELS)[number];

/** A pool, of disks that are told by what they are and not by where they hang. */
export const zfsPoolInput = Type.Object(
  {
    name: Type.String({
      ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,60}$', examples: ['tank'] },
      ...{ title: 'Name', description: 'Name of the pool, and of the storage that is made of it.' },
      de: { title: 'Name', description: 'Name des Pools und des Storages, der daraus wird.' },
    }),
    level: Type.Enum([...RAID_LEVELS], {
      title: 'RAID level',
      description:
        'How it is protected: mirror (all disks hold the same), raid10 (pairs), raidz, raidz2, raidz3.',
      de: {
        title: 'RAID-Level',
        description:
          'Wie er geschützt ist: mirror (alle Disks gleich), raid10 (Paare), raidz, raidz2, raidz3.',
      },
    }),
    disks: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{3,63}$' }), {
      ...{ minItems: 1, maxItems: 64, uniqueItems: true, examples: [['Z30PVE17K', '0x5000c500a1b2c3d4']] },
      title: 'Disks',
      description: 'Serial numbers or WWNs; of raid10 two neighbours are a pair.',
      de: {
        title: 'Disks',
        description: 'Seriennummern oder WWNs; bei raid10 bilden je zwei benachbarte ein Paar.',
      },
    }),
    storage: Type.Optional(
      Type.Boolean({
        title: 'As a storage',
        description: 'Have guests kept on it. Default: yes.',
        de: { title: 'Als Storage', description: 'Gäste darauf ablegen lassen. Vorgabe: ja.' },
      }),
    ),
  },
  { additionalProperties: false },
);
export type ZfsPoolInput = Static<typeof zfsPoolInput>;

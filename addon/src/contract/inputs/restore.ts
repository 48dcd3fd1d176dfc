import Type, { type Static } from 'typebox';

const BACKUP = Type.Optional(
  Type.String({
    ...{ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,99}:backup/[\\x21-\\x7e]{1,200}$' },
    examples: ['backup:backup/vzdump-qemu-101-2026_11_24-02_00_05.vma.zst'],
    title: 'Backup',
    description: 'Which backup, as Proxmox VE names it. Left out: the newest that is whole.',
    de: {
      title: 'Backup',
      description: 'Welches Backup, wie Proxmox VE es nennt. Ohne Angabe: das neueste, das vollständig ist.',
    },
  }),
);

const STORAGE = Type.Optional(
  Type.String({
    ...{ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,99}$', examples: ['local-zfs'] },
    title: 'Storage',
    description: 'Where its disks come. Left out: where they were.',
    de: { title: 'Storage', description: 'Wohin seine Disks kommen. Ohne Angabe: wo sie waren.' },
  }),
);

/** What comes back as another guest, and whether it takes the place of the one that is there. */
export const restoreBackupInput = Type.Object(
  {
    backup: BACKUP,
    storage: STORAGE,
    name: Type.Optional(
      Type.String({
        ...{ pattern: '^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$', examples: ['docker-host-restored'] },
        title: 'Name',
        description: 'What it is called. Left out: as the guest, with “-restored”.',
        de: { title: 'Name', description: 'Wie er heißt. Ohne Angabe: wie der Gast, mit „-restored“.' },
      }),
    ),
    start: Type.Optional(
      Type.Boolean({
        title: 'Start instead',
        description: 'Shut the guest down that is there, then start the restored one in its place.',
        de: {
          title: 'Stattdessen starten',
          description:
            'Den vorhandenen Gast herunterfahren, dann den wiederhergestellten an seiner Stelle starten.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type RestoreBackupInput = Static<typeof restoreBackupInput>;

/** What a guest is replaced by. */
export const restoreOverInput = Type.Object(
  { backup: BACKUP, storage: STORAGE },
  { additionalProperties: false },
);
export type RestoreOverInput = Static<typeof restoreOverInput>;

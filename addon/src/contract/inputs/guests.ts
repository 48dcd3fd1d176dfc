import Type, { type Static } from 'typebox';

const NAME = Type.String({
  ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,39}$', examples: ['labkeeper-20261124-031500'] },
  ...{ title: 'Snapshot', description: 'Its name.' },
  de: { title: 'Snapshot', description: 'Sein Name.' },
});

/** Which of a guest's snapshots. */
export const snapshotInput = Type.Object({ snapshot: NAME }, { additionalProperties: false });
export type SnapshotInput = Static<typeof snapshotInput>;

/** Which of a guest's snapshots to go back to, and whether it runs then. */
export const rollbackInput = Type.Object(
  {
    snapshot: NAME,
    start: Type.Optional(
      Type.Boolean({
        title: 'Start',
        description: 'Start the guest afterwards. One whose snapshot has its memory runs in any case.',
        de: {
          title: 'Starten',
          description: 'Den Gast danach starten. Einer, dessen Snapshot seinen Speicher hat, läuft ohnehin.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type RollbackInput = Static<typeof rollbackInput>;

/** Where to a guest shall move. */
export const migrateInput = Type.Object(
  {
    node: Type.String({
      ...{ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$', examples: ['pve2'] },
      ...{ title: 'Node', description: 'Name of the node that it moves to.' },
      de: { title: 'Node', description: 'Name des Nodes, auf den er zieht.' },
    }),
    storage: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,99}$', examples: ['local-lvm'] },
        title: 'Storage',
        description:
          'Where to disks are copied that only its node has. Left out: to the storage of the same name.',
        de: {
          title: 'Storage',
          description:
            'Wohin Disks kopiert werden, die nur sein Node hat. Ohne Angabe: auf den Storage gleichen Namens.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type MigrateInput = Static<typeof migrateInput>;

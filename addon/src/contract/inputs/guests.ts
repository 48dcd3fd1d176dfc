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

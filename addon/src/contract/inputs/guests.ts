import Type, { type Static } from 'typebox';

const NAME = Type.String({
  ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,39}$', examples: ['labkeeper-20261124-031500'] },
  ...{ title: 'Snapshot', description: 'Its name.' },
  de: { title: 'Snapshot', description: 'Sein Name.' },
});

/** Which of a guest's snapshots. */
export const snapshotInput = Type.Object({ snapshot: NAME }, { additionalProperties: false });
export type SnapshotInput = Static<typeof snapshotInput>;

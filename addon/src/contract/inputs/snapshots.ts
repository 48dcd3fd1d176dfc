import Type, { type Static } from 'typebox';

/** What a snapshot is called, what it is for, and whether it holds the memory. */
export const takeSnapshotInput = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,39}$', examples: ['before-upgrade'] },
        title: 'Name',
        description: 'What it is called. Left out: labkeeper, with date and time (UTC).',
        de: { title: 'Name', description: 'Wie er heißt. Ohne Angabe: labkeeper, mit Datum und Zeit (UTC).' },
      }),
    ),
    about: Type.Optional(
      Type.String({
        maxLength: 200,
        title: 'What for',
        description: 'What it is for; kept with it.',
        de: { title: 'Wofür', description: 'Wofür er ist; steht bei ihm.' },
      }),
    ),
    memory: Type.Optional(
      Type.Boolean({
        title: 'With memory',
        description: 'Keep also the memory of a virtual machine that runs: it stands still meanwhile.',
        de: {
          title: 'Mit Speicher',
          description:
            'Auch den Speicher einer laufenden virtuellen Maschine behalten: Sie steht so lange still.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type TakeSnapshotInput = Static<typeof takeSnapshotInput>;

/** How many of our own snapshots a guest keeps. */
export const pruneSnapshotsInput = Type.Object(
  {
    keep: Type.Integer({
      ...{ minimum: 0, maximum: 100 },
      title: 'Keep',
      description: 'How many of Labkeeper’s own snapshots stay, the newest ones.',
      de: {
        title: 'Behalten',
        description: 'Wie viele von Labkeepers eigenen Snapshots bleiben, die neuesten.',
      },
    }),
  },
  { additionalProperties: false },
);
export type PruneSnapshotsInput = Static<typeof pruneSnapshotsInput>;

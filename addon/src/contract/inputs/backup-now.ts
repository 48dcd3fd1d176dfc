import Type, { type Static } from 'typebox';

/** What a backup is for. */
export const backupNowInput = Type.Object(
  {
    about: Type.Optional(
      Type.String({
        ...{ maxLength: 200, title: 'What for', description: 'What it is for; kept with it.' },
        de: { title: 'Wofür', description: 'Wofür es ist; steht bei ihm.' },
      }),
    ),
  },
  { additionalProperties: false },
);
export type BackupNowInput = Static<typeof backupNowInput>;

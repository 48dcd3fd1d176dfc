import Type, { type Static } from 'typebox';

const COMPOSE = Type.String({
  ...{
    minLength: 1,
    maxLength: 65_536,
    secret: true,
    examples: ['services:\n  web:\n    image: nginx:1.29\n'],
  },
  ...{
    title: 'Compose file',
    description: 'All of it, as text. Kept out of jobs and logs: it may hold passwords.',
  },
  de: {
    title: 'Compose-Datei',
    description: 'Ganz, als Text. Steht in keinem Auftrag und Log: Sie kann Kennwörter enthalten.',
  },
});

const ENVIRONMENT = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
  Type.String({ maxLength: 8_192 }),
  {
    ...{ secret: true, maxProperties: 200, additionalProperties: false },
    ...{ title: 'Variables', description: 'What the file takes as variables, by name. They are all secret.' },
    de: {
      title: 'Variablen',
      description: 'Was die Datei als Variablen nimmt, nach Namen. Alle sind geheim.',
    },
  },
);

const FILES = Type.Array(
  Type.Object(
    {
      path: Type.String({
        ...{ pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$', maxLength: 90 },
        ...{
          title: 'Path',
          description: 'Where it lies, as seen from the Compose file.',
          examples: ['web/nginx.conf'],
        },
        de: { title: 'Pfad', description: 'Wo sie liegt, von der Compose-Datei aus gesehen.' },
      }),
      content: Type.String({
        ...{ maxLength: 65_536, secret: true, title: 'Content', description: 'All of it, as text.' },
        de: { title: 'Inhalt', description: 'Ganz, als Text.' },
      }),
    },
    { additionalProperties: false },
  ),
  {
    ...{
      maxItems: 20,
      title: 'Other files',
      description: 'What the file needs beside itself: only for engines that are reached by SSH.',
    },
    de: {
      title: 'Weitere Dateien',
      description: 'Was die Datei neben sich braucht: nur für Engines, die über SSH erreicht werden.',
    },
  },
);

/** A new stack of a container host. */
export const deployStackInput = Type.Object(
  {
    name: Type.String({
      ...{ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', examples: ['media'], title: 'Name' },
      description: 'The name of the stack, as Compose calls a project.',
      de: { title: 'Name', description: 'Der Name des Stacks, bei Compose der des Projekts.' },
    }),
    compose: COMPOSE,
    environment: Type.Optional(ENVIRONMENT),
    files: Type.Optional(FILES),
  },
  { additionalProperties: false },
);
export type DeployStackInput = Static<typeof deployStackInput>;

/** What goes with a stack. */
export const removeStackInput = Type.Object(
  {
    volumes: Type.Optional(
      Type.Boolean({
        title: 'Volumes, too',
        description: 'Remove its volumes and all that is in them as well. Left out: they stay.',
        de: {
          title: 'Auch Volumes',
          description: 'Auch seine Volumes mit allem darin entfernen. Ohne Angabe: Sie bleiben.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type RemoveStackInput = Static<typeof removeStackInput>;

/** What is tidied away on a container host. */
export const pruneInput = Type.Object(
  {
    images: Type.Optional(
      Type.Enum(['none', 'dangling', 'unused'], {
        ...{ default: 'dangling', title: 'Images' },
        description:
          'dangling: those that have lost their names. unused: all that no container is made from.',
        de: {
          title: 'Images',
          description:
            'dangling: die ihren Namen verloren haben. unused: alle, aus denen kein Container besteht.',
        },
      }),
    ),
    build_cache: Type.Optional(
      Type.Boolean({
        ...{
          default: false,
          title: 'Build cache',
          description: 'What builds keep to be quicker the next time.',
        },
        de: {
          title: 'Build-Cache',
          description: 'Was Builds behalten, um beim nächsten Mal schneller zu sein.',
        },
      }),
    ),
    volumes: Type.Optional(
      Type.Enum(['none', 'anonymous', 'unused'], {
        ...{ default: 'none', title: 'Volumes' },
        description:
          'anonymous: those without a name that no container has. unused: also those with a name. What a container has, ' +
          'stopped or not, always stays.',
        de: {
          title: 'Volumes',
          description:
            'anonymous: die ohne Namen, die kein Container hat. unused: auch die mit Namen. Was ein Container hat, ob er ' +
            'läuft oder nicht, bleibt immer.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type PruneInput = Static<typeof pruneInput>;

/** How a container is made anew. */
export const recreateInput = Type.Object(
  {
    pull: Type.Optional(
      Type.Boolean({
        ...{ default: false, title: 'Pull first' },
        description:
          'Pull its image first. Left out: it is made from what the engine has under the image’s name.',
        de: {
          title: 'Vorher ziehen',
          description:
            'Das Image vorher ziehen. Ohne Angabe: aus dem, was die Engine unter seinem Namen hat.',
        },
      }),
    ),
    go_back: Type.Optional(
      Type.Boolean({
        title: 'Go back',
        description:
          'After a failure, start the old container again even if the new one may have written to its volumes and ' +
          'folders. Left out: then it is kept stopped, until somebody decides.',
        de: {
          title: 'Zurückgehen',
          description:
            'Nach einem Fehlschlag den alten Container wieder starten, auch wenn der neue in Volumes und Ordner ' +
            'geschrieben haben kann. Ohne Angabe: Dann bleibt er gestoppt, bis jemand entscheidet.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);
export type RecreateInput = Static<typeof recreateInput>;

/** What a stack is changed to. */
export const updateStackInput = Type.Object(
  {
    compose: Type.Optional(COMPOSE),
    environment: Type.Optional(ENVIRONMENT),
    previous: Type.Optional(
      Type.Boolean({
        title: 'Previous file',
        description: 'Take the file and the variables back that were there before the last change from here.',
        de: {
          title: 'Vorige Datei',
          description:
            'Die Datei und die Variablen zurückholen, die vor der letzten Änderung von hier da waren.',
        },
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type UpdateStackInput = Static<typeof updateStackInput>;

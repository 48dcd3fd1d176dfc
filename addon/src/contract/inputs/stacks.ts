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

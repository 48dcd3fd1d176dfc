import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

interface Named {
  readonly name: { readonly en: string; readonly de: string } | null;
  readonly reading?: string;
}

/** What readings are called, by reading; what has no name of its own is left out. */
const namesOf = (rows: readonly Named[]): object =>
  Object.fromEntries(
    rows.flatMap(({ name, reading }) => (name === null || reading === undefined ? [] : [[reading, name]])),
  );

/** What things and their readings are called, for people. */
export function addKindRoutes(app: FastifyInstance, { kinds }: Pick<HttpParts, 'kinds'>): void {
  const text = Type.Object({ en: Type.String(), de: Type.String() });
  const names = Type.Record(Type.String(), text);
  const catalogue = {
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([kind, definition]) => {
        const {
          title,
          rows,
          items = [],
        } = definition as {
          readonly title: object;
          readonly rows: readonly Named[];
          readonly items?: readonly { readonly list: string; readonly rows: readonly Named[] }[];
        };
        const lists = items.map(({ list, rows }) => [list, namesOf(rows)]);
        return [kind, { title, readings: namesOf(rows), lists: Object.fromEntries(lists) }];
      }),
    ),
  };
  app.get(
    '/api/kinds',
    {
      schema: {
        summary: 'What things and their readings are called',
        response: answers({
          200: Type.Object({
            kinds: Type.Record(
              Type.String(),
              Type.Object({
                title: text,
                readings: Type.Record(Type.String(), text, { description: 'names by reading' }),
                lists: Type.Record(Type.String(), names, {
                  description: 'names by list of items and reading',
                }),
              }),
            ),
          }),
        }),
      },
    },
    async () => catalogue,
  );
}

import Type, { type Static, type TSchemaOptions } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';
import { trustOptions } from '../../contract/trust-options.ts';

const texts = (title: string, description: string, de: readonly [string, string]): TSchemaOptions => ({
  ...{ title, description, de: { title: de[0], description: de[1] } },
});

/** One server of the Model Context Protocol. */
export const mcpOptions = Type.Object(
  {
    url: Type.String({
      ...{ pattern: '^https?://[^/@\\s?#]+(/[^\\s#]*)?$', examples: ['http://docker-host.lan:8000/mcp'] },
      ...texts('Address', 'Where it answers, with its path: mostly /mcp, with older ones /sse.', [
        'Adresse',
        'Wo er antwortet, mit Pfad: meist /mcp, bei älteren /sse.',
      ]),
    }),
    transport: Type.Optional(
      Type.Enum(['auto', 'http', 'sse'], {
        default: 'auto',
        ...texts(
          'Transport',
          'http is Streamable HTTP, sse the older one. auto: the first, then the second if the server does not know it.',
          [
            'Transport',
            'http ist Streamable HTTP, sse der ältere. auto: zuerst der eine, dann der andere, falls der Server ihn nicht kennt.',
          ],
        ),
      }),
    ),
    token: Type.Optional(
      Type.String({
        ...{ pattern: '^[!-~]+$', examples: ['eyJhbGciOiJIUzI1…'], secret: true },
        ...texts('Token', 'What it wants to see, as a bearer token.', [
          'Token',
          'Was er sehen will, als Bearer-Token.',
        ]),
      }),
    ),
    token_header: Type.Optional(
      Type.String({
        ...{ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}$", examples: ['X-API-Key'] },
        ...texts(
          'Header of the token',
          'If it wants the token in another header than Authorization: there as it is.',
          [
            'Kopfzeile des Tokens',
            'Falls er das Token in einer anderen Kopfzeile als Authorization will: dort so, wie es ist.',
          ],
        ),
      }),
    ),
    interval: Type.Optional(
      Type.Number({
        ...{ minimum: 10, default: 120 },
        ...texts(
          'Interval',
          'Seconds between two looks. Between them it is listened to, if it tells of changes.',
          [
            'Abstand',
            'Sekunden zwischen zwei Prüfungen. Dazwischen wird zugehört, wenn er Änderungen meldet.',
          ],
        ),
      }),
    ),
    timeout: Type.Optional(
      Type.Number({
        ...{ minimum: 1, default: 15 },
        ...texts('Patience', 'Seconds in which it has to answer.', [
          'Geduld',
          'Sekunden, in denen er antworten muss.',
        ]),
      }),
    ),
    container: Type.Optional(
      Type.String({
        ...{
          pattern: '^docker/[a-z0-9]{1,16}/container/.+$',
          examples: ['docker/lab/container/mcp.unifi.1'],
        },
        ...texts(
          'Container',
          'Id of the container that it runs in. Left out: the one that publishes the port of its address.',
          [
            'Container',
            'Id des Containers, in dem er läuft. Ohne Angabe: der, der den Port seiner Adresse veröffentlicht.',
          ],
        ),
      }),
    ),
    ...trustOptions(),
  },
  {
    ...texts('MCP', 'Servers of the Model Context Protocol, over HTTP.', [
      'MCP',
      'Server des Model Context Protocol, über HTTP.',
    ]),
  },
);

export type McpOptions = Static<typeof mcpOptions>;

/** A header without what is to stand in it would never be sent. */
export function checkToken({
  token,
  token_header,
}: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  return token === undefined && token_header !== undefined
    ? [{ path: 'token', message: 'is missing, it belongs to token_header' }]
    : [];
}

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Ceiling } from '../../contract/action.ts';
import type { OwnFiles } from '../../contract/own-file.ts';
import { LabError } from '../../core/errors.ts';
import { admitAdministrator, callerOf } from '../guard.ts';
import type { HttpParts } from '../parts.ts';
import { answers } from '../schemas.ts';

const path = Type.String({ maxLength: 100, description: 'as in recipes/my_recipe.yaml' });
const text = Type.String({ maxLength: 200_000 });
const etag = Type.String({ maxLength: 100 });
const etagOrNull = (description: string) => Type.Union([etag, Type.Null()], { description });

const faults = Type.Array(
  Type.Object({
    line: Type.Optional(Type.Integer({ description: 'from 1; left out: the whole file' })),
    path: Type.Optional(Type.String({ description: 'left out: it is no YAML' })),
    message: Type.String(),
  }),
  { description: 'all that is wrong' },
);

/** The files that people write beside the options. Whoever may only look does not see them: secrets may be in them. */
export function addFileRoutes(
  routes: FastifyInstance,
  { files, executor, log }: Pick<HttpParts, 'files' | 'executor' | 'log'>,
): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  const admit = (request: FastifyRequest, least: Ceiling = 'operate'): OwnFiles => {
    admitAdministrator(request, executor.allow, 'files of the configuration', least);
    if (files !== undefined) return files;
    throw new LabError('target_missing', 'there is no folder of configuration', {
      hint: 'set LABKEEPER_CONFIG to one, and start Labkeeper again',
    });
  };

  app.get(
    '/api/files',
    {
      schema: {
        summary: 'The files that people write beside the options',
        description: 'For administrators, and for tokens that may do more than look.',
        response: answers({
          200: Type.Object({
            files: Type.Array(
              Type.Object({
                ...{ path, title: Type.String(), exists: Type.Boolean() },
                shipped: Type.Boolean({ description: 'there is something to begin with' }),
                counts: Type.Enum(['at once', 'after a restart']),
                faults,
              }),
            ),
          }),
        }),
      },
    },
    async (request) => ({ files: await admit(request).list() }),
  );

  app.get(
    '/api/files/text',
    {
      schema: {
        summary: 'What stands in such a file, or what there is to begin with',
        querystring: Type.Object({ path }, { additionalProperties: false }),
        response: answers({
          200: Type.Object({ text, etag: etagOrNull('null: it does not exist yet') }),
        }),
      },
    },
    async (request) => {
      const { text, etag = null } = await admit(request).read(request.query.path);
      return { text, etag };
    },
  );

  app.post(
    '/api/files/check',
    {
      schema: {
        summary: 'All that is wrong with a text for such a file; nothing is written',
        body: Type.Object({ path, text }, { additionalProperties: false }),
        response: answers({ 200: Type.Object({ faults }) }),
      },
    },
    async (request) => {
      const { path, text } = request.body;
      return { faults: await admit(request).check(path, text) };
    },
  );

  app.put(
    '/api/files/text',
    {
      schema: {
        summary: 'Write such a file',
        description: 'For administrators, and for tokens with the ceiling “provision”.',
        body: Type.Object(
          { path, text, etag: etagOrNull('of what it replaces; null: it shall not exist yet') },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ etag }) }),
      },
    },
    async (request) => {
      const { path, text, etag } = request.body;
      const written = await admit(request, 'provision').write(path, text, etag ?? undefined);
      log.info(`${path} was written`, { user: callerOf(request).user });
      return written;
    },
  );

  app.delete(
    '/api/files/text',
    {
      schema: {
        summary: 'Take such a file away',
        description: 'For administrators, and for tokens with the ceiling “provision”.',
        querystring: Type.Object({ path, etag }, { additionalProperties: false }),
        response: answers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      const { path, etag } = request.query;
      await admit(request, 'provision').remove(path, etag);
      log.info(`${path} was taken away`, { user: callerOf(request).user });
      return reply.code(204).send();
    },
  );
}

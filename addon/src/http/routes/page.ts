import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LabError } from '../../core/errors.ts';
import { routeUnknown } from '../errors.ts';
import { type PageFile, type PageFiles, readPage } from '../page-files.ts';
import type { HttpParts } from '../parts.ts';

/**
 * Only what comes from here is run, and nothing is sent elsewhere. Styles of single elements are how bars get their
 * length; whole style sheets from texts are not let in.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The page for people: files, as they were built. All of their addresses are relative, for Home Assistant's ingress. */
export function addPageRoutes(routes: FastifyInstance, { pageFolder }: Pick<HttpParts, 'pageFolder'>): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  let read: Promise<PageFiles | undefined> | undefined;
  // A page that was not built may be, meanwhile.
  const filesOf = async (): Promise<PageFiles> => {
    read ??= pageFolder === undefined ? Promise.resolve(undefined) : readPage(pageFolder);
    const files = await read;
    if (files !== undefined) return files;
    read = undefined;
    throw new LabError('target_missing', 'the page was not built', { hint: 'npm run build builds it' });
  };

  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const file = (await filesOf()).get('index.html') as PageFile;
    reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    return send(request, reply, file);
  });

  app.get(
    '/assets/:name',
    { schema: { hide: true, params: Type.Object({ name: Type.String({ maxLength: 100 }) }) } },
    async (request, reply) => {
      const file = (await filesOf()).get(`assets/${request.params.name}`);
      if (file === undefined) throw routeUnknown(request.method, request.url);
      // Its name says what is in it; another version has another one.
      reply.header('cache-control', 'private, max-age=31536000, immutable');
      return send(request, reply, file);
    },
  );
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const { type, body, gzipped, etag } = file;
  reply.headers({ etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (zipped) reply.header('content-encoding', 'gzip');
  return reply.type(type).send(zipped ? gzipped : body);
}

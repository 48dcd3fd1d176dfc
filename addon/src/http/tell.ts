import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers JSON, or 304 to who has it already; the body is made only for who has not. */
export function tell(
  request: FastifyRequest,
  reply: FastifyReply,
  told: { readonly body: string; readonly etag: string },
): FastifyReply {
  const { etag } = told;
  reply.headers({ etag, 'cache-control': 'no-cache' });
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(told.body);
}

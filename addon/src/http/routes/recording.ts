import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LabError } from '../../core/errors.ts';
import { admitAdministrator } from '../guard.ts';
import type { HttpParts, RecordingState } from '../parts.ts';
import { answers } from '../schemas.ts';

/** If nobody says how long: each system is read from the beginning, some of it only after minutes. */
const SECONDS = 300;

const stateSchema = Type.Object({
  recording: Type.Object({
    until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'when it ends; null: none runs',
    }),
    error: Type.Union([Type.String(), Type.Null()], { description: 'of the last one' }),
    file: Type.Union([Type.Object({ name: Type.String(), bytes: Type.Integer() }), Type.Null()], {
      description: 'the last one',
    }),
  }),
});

/** Recordings of what systems answer, for bug reports. */
export function addRecordingRoutes(
  routes: FastifyInstance,
  { recordings, executor }: Pick<HttpParts, 'recordings' | 'executor'>,
): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  const admit = (request: FastifyRequest): NonNullable<HttpParts['recordings']> => {
    admitAdministrator(request, executor.allow, 'recordings');
    if (recordings === undefined) throw new LabError('target_missing', 'there is nothing to record');
    return recordings;
  };

  app.get(
    '/api/recording',
    {
      schema: {
        summary: 'The recording of what systems answer that runs, and the one that is kept',
        description: 'For administrators, and for tokens that may do more than look.',
        response: answers({ 200: stateSchema }),
      },
    },
    async (request) => shown(admit(request).state),
  );

  app.post(
    '/api/recording',
    {
      schema: {
        summary: 'Record what systems answer',
        description:
          'Names, addresses and serials are replaced and secrets left out before anything is written.',
        body: Type.Object(
          {
            seconds: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 3_600, description: `how long; ${SECONDS} if left out` }),
            ),
          },
          { additionalProperties: false },
        ),
        response: answers({ 202: stateSchema }),
      },
    },
    async (request, reply) =>
      reply.code(202).send(shown(admit(request).start(request.body.seconds ?? SECONDS))),
  );

  app.get(
    '/api/recording/file',
    {
      schema: {
        summary: 'The recording that is kept: lines of JSON, gzipped',
        produces: ['application/gzip'],
      },
    },
    async (request, reply) => {
      const opened = admit(request).open();
      if (opened === undefined) {
        throw new LabError('target_missing', 'nothing was recorded yet', { hint: 'POST api/recording' });
      }
      return reply
        .header('content-disposition', `attachment; filename="${opened.name}"`)
        .type('application/gzip')
        .send(opened.content);
    },
  );
}

const shown = ({ until, error, file }: RecordingState) => ({
  recording: {
    until: until === undefined ? null : new Date(until).toISOString(),
    error: error ?? null,
    file: file ?? null,
  },
});

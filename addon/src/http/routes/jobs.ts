import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { JOB_STATES } from '../../actions/job.ts';
import { LabError } from '../../core/errors.ts';
import type { HttpParts } from '../parts.ts';
import { answers, jobSchema } from '../schemas.ts';

/** Of what a query says all is text. */
export const limit = Type.Optional(
  Type.String({
    pattern: '^([1-9]|[1-9][0-9]|[1-4][0-9][0-9]|500)$',
    description: '1 to 500; 50 if left out',
  }),
);
export const limitOf = (given: string | undefined): number => Number(given ?? 50);

const logLine = Type.Object({ time: Type.String({ format: 'date-time' }), text: Type.String() });

export function addJobRoutes(routes: FastifyInstance, { executor }: Pick<HttpParts, 'executor'>): void {
  const app = routes.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/jobs',
    {
      schema: {
        summary: 'Jobs, newest first',
        querystring: Type.Object(
          {
            limit,
            before: Type.Optional(
              Type.String({ maxLength: 100, description: 'id of a job: only older ones' }),
            ),
            target: Type.Optional(Type.String({ maxLength: 300, description: 'id of a resource' })),
            state: Type.Optional(Type.Enum([...JOB_STATES])),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ jobs: Type.Array(jobSchema) }) }),
      },
    },
    async ({ query }) => {
      const { before, target, state } = query;
      return { jobs: executor.jobs({ limit: limitOf(query.limit), before, target, state }) };
    },
  );

  app.get(
    '/api/jobs/:id',
    {
      schema: {
        summary: 'A job, with what it told on its way',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: answers({ 200: Type.Object({ job: jobSchema, log: Type.Array(logLine) }) }),
      },
    },
    async ({ params }) => {
      const job = executor.job(params.id);
      if (job !== undefined) return { job, log: executor.logOf(params.id) };
      throw new LabError('job_unknown', `there is no job “${params.id}”`, {
        hint: 'GET api/jobs has all that are kept; old ones are forgotten after 30 days',
      });
    },
  );
}

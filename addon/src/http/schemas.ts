import Type, { type TSchema } from 'typebox';
import { JOB_STATES } from '../actions/job.ts';
import { SEVERITIES } from '../contract/finding.ts';
import { ERRORS } from '../core/errors.ts';

/** What a route answers: for the document, not for the types of its handler. */
export const answers = (schemas: Readonly<Record<number, TSchema>>): Readonly<Record<number, unknown>> =>
  schemas;

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const code = Type.Enum(Object.keys(ERRORS), { description: 'what programs go by' });

export const errorSchema = Type.Object({
  code,
  message: Type.String({ description: 'what happened, and where' }),
  path: Type.Optional(Type.String({ description: 'of the field that is wrong' })),
  hint: Type.Optional(Type.String({ description: 'what to do' })),
});

export const findingSchema = Type.Object({
  owner: Type.String({
    description: 'the system that reports it, as <source>/<id>; lab: derived from the whole',
  }),
  key: Type.String({ description: 'stable within its owner' }),
  severity: Type.Enum([...SEVERITIES]),
  about: Type.String({ description: 'id of a resource, or an owner' }),
  title: Type.String({ description: 'a few words' }),
  message: Type.String({ description: 'what is so, and what follows from it' }),
  remedy: Type.Optional(Type.String({ description: 'what to do, in words' })),
  commands: Type.Optional(Type.Array(Type.String(), { description: 'lines to type as they are' })),
});

export const jobSchema = Type.Object({
  id: Type.String(),
  request_id: Type.String(),
  action: Type.String(),
  target: Type.String({ description: 'id of a resource' }),
  door: Type.Enum(['mqtt', 'homeassistant', 'http', 'mcp', 'labkeeper']),
  user: Type.String(),
  state: Type.Enum([...JOB_STATES]),
  step: orNull('name of the step that runs, or ran last'),
  progress: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  vendor_ref: orNull('how the system calls what it does for us'),
  result: Type.Optional(Type.Object({}, { additionalProperties: true })),
  error: Type.Optional(errorSchema),
  created: Type.String({ format: 'date-time' }),
  started: orNull('time'),
  ended: orNull('time'),
});

export const planSchema = Type.Object({
  action: Type.String(),
  risk: Type.String(),
  target: Type.Object({ id: Type.String(), name: Type.String(), kind: Type.String() }),
  steps: Type.Array(
    Type.Object({
      name: Type.String(),
      calls: Type.Optional(Type.Array(Type.String(), { description: 'what is sent, as it is sent' })),
    }),
  ),
  checks: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        ok: Type.Boolean({ description: 'with one that is not, nothing is done' }),
        message: Type.String(),
        hint: Type.Optional(Type.String()),
      }),
    ),
  ),
  warnings: Type.Optional(Type.Array(Type.String())),
  confirm: Type.Optional(
    Type.Union([Type.Literal(true), Type.String()], {
      description: 'what “confirm” has to be to have it done',
    }),
  ),
  fingerprint: Type.String(),
  expires: Type.String({ format: 'date-time' }),
});

/** What goes with every action, beside its input. */
export const envelope = {
  target: Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, description: 'id of the resource that it is done to' }),
  ),
  confirm: Type.Optional(
    Type.Union([Type.Boolean(), Type.String({ maxLength: 300 })], {
      description: 'true for what disrupts, the name of the target for what destroys',
    }),
  ),
  dry_run: Type.Optional(Type.Boolean({ description: 'only say what would be done' })),
  request_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description:
        'the same one again returns the job that it made, also after a restart; given with a dry run, the job is ' +
        'carried out as that said or not at all',
    }),
  ),
  wait_s: Type.Optional(
    Type.Number({ minimum: 0, maximum: 60, description: 'seconds to wait for the end; 0 if left out' }),
  ),
};

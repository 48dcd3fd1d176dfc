import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { LabError } from '../core/errors.ts';

/** A part of a request, and what it has to be like. */
export interface CheckedPart {
  readonly schema: TSchema;
  readonly httpPart?: string;
}

/**
 * Checks what is sent, in place of Fastify's own Ajv: schemas are TypeBox's, which checks the options as well, and two
 * libraries for one thing take twice the memory.
 *
 * @returns a function that gives `true`, or the error `input_invalid` with the first thing that is wrong
 */
export function validatorOf({
  schema,
  httpPart = 'body',
}: CheckedPart): (data: unknown) => true | { error: LabError } {
  return (data) => {
    // A key that nobody knows comes first, as a schema that nothing fits.
    const [problem] = Value.Errors(schema, data);
    if (problem === undefined) return true;
    const { keyword, instancePath, message } = problem;
    const path = instancePath.split('/').slice(1).join('.');
    const text = keyword === 'boolean' ? 'there is no such field' : message;
    return {
      error: new LabError('input_invalid', `${path || httpPart}: ${text}`, { ...(path !== '' && { path }) }),
    };
  };
}

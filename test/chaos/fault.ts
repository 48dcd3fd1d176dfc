/** What can happen between Labkeeper and a system; `name` is what a person asks for and reads in the table. */
export type Fault = { readonly name: string; readonly says: RegExp | undefined } & (
  | { readonly kind: 'down' | 'hang' | 'certificate' | 'reset' | 'truncated' | 'mistyped' }
  /** Each answer comes this much later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Its clock, and every time that it tells, goes this much before the right one. */
  | { readonly kind: 'clock'; readonly ms: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly message: string;
      readonly type: string;
      readonly body: string;
    }
);

const HTML =
  '<html>\r\n<head><title>Welcome</title></head>\r\n<body><h1>Please sign in</h1></body>\r\n</html>\r\n';

/** An answer in place of the right one. @param says what the log has to say of it */
const answer = (status: number, message: string, says: RegExp): Fault => ({
  ...{ kind: 'answer', name: String(status), status, message, says },
  ...{ type: 'application/json', body: JSON.stringify({ message }) },
});

/**
 * All faults of a system. `says`: the words of the cause, as the log tells it; undefined: nothing is lost by it, so that nothing
 * has to be said.
 */
export const FAULTS: readonly Fault[] = [
  { kind: 'down', name: 'down', says: /nothing listens there|ECONNREFUSED/ },
  { kind: 'hang', name: 'hanging', says: /no answer|not answer|within \d+ (s|ms)|seconds/ },
  { kind: 'slow', name: 'slow', ms: 2_500, says: undefined },
  { kind: 'reset', name: 'resetting', says: /hung up|ECONNRESET|socket hang up|closed|broke/ },
  answer(401, 'Unauthorized', /refused|401/),
  answer(403, 'Forbidden', /refused|may not|403|privilege/),
  answer(404, 'Not Found', /404|not found|nothing there|does not speak|path/i),
  answer(429, 'Too Many Requests', /429|too many/i),
  answer(500, 'Internal Server Error', /500|Internal Server Error/),
  answer(503, 'Service Unavailable', /503|Service Unavailable/),
  answer(595, 'No route to host', /595|No route to host/),
  {
    ...{ kind: 'answer', name: 'HTML page', status: 200, message: 'OK', type: 'text/html', body: HTML },
    says: /JSON|proxy|something else|does not speak|HTML|unexpected|more than was asked/i,
  },
  { kind: 'truncated', name: 'truncated JSON', says: /JSON|something else|cut|unexpected|no answer within/i },
  {
    kind: 'mistyped',
    name: 'wrong-typed JSON',
    says: /something else|JSON|unexpected|expected|is no |as it should be/i,
  },
  { kind: 'clock', name: 'wrong clock', ms: 26 * 3_600_000, says: undefined },
  { kind: 'certificate', name: 'another certificate', says: /another certificate/ },
];

/**
 * What may be done after an error: `retry` by itself later, `ask` a person for other credentials or settings,
 * or `give_up`, since the same request will fail the same way.
 */
export type Next = 'retry' | 'ask' | 'give_up';

/** Every error that leaves a room, with the status that HTTP shows for it. */
export const ERRORS = {
  options_invalid: { status: 400, next: 'ask' },
  port_taken: { status: 500, next: 'ask' },
  data_unwritable: { status: 500, next: 'ask' },
  system_taken: { status: 409, next: 'ask' },
  // What the body of a request is as a whole: no JSON, too large, nested too deep.
  body_invalid: { status: 400, next: 'give_up' },
  input_invalid: { status: 422, next: 'give_up' },
  action_unknown: { status: 404, next: 'give_up' },
  target_unknown: { status: 404, next: 'give_up' },
  target_missing: { status: 422, next: 'give_up' },
  target_unsuitable: { status: 422, next: 'give_up' },
  target_busy: { status: 409, next: 'retry' },
  target_changed: { status: 409, next: 'ask' },
  // The dry run that this would carry out is older than ten minutes.
  plan_expired: { status: 409, next: 'ask' },
  // What was looked at before the first step is not as it has to be: nothing was changed.
  check_failed: { status: 409, next: 'ask' },
  // Somebody said that it shall not go on.
  cancelled: { status: 409, next: 'give_up' },
  // It would end what Labkeeper itself needs to live, or may do so.
  lifeline: { status: 409, next: 'ask' },
  // It has done what cannot be stopped half-way.
  too_late: { status: 409, next: 'give_up' },
  job_over: { status: 409, next: 'give_up' },
  job_unknown: { status: 404, next: 'give_up' },
  route_unknown: { status: 404, next: 'give_up' },
  door_closed: { status: 403, next: 'give_up' },
  ceiling_exceeded: { status: 403, next: 'ask' },
  administrator_required: { status: 403, next: 'ask' },
  confirm_missing: { status: 409, next: 'ask' },
  token_missing: { status: 401, next: 'ask' },
  token_invalid: { status: 401, next: 'ask' },
  user_refused: { status: 403, next: 'give_up' },
  origin_refused: { status: 403, next: 'give_up' },
  too_many_requests: { status: 429, next: 'retry' },
  too_many_clients: { status: 503, next: 'retry' },
  credentials_refused: { status: 502, next: 'ask' },
  // The system takes no more logins at present: others hold all of its sessions.
  sessions_exhausted: { status: 503, next: 'retry' },
  privilege_missing: { status: 502, next: 'ask' },
  // Nothing was sent: who answers is not shown to be the right one.
  certificate_refused: { status: 502, next: 'ask' },
  // Somebody answers, but does not speak the protocol at this path, or anywhere, or not in a version of ours.
  path_wrong: { status: 502, next: 'retry' },
  protocol_wrong: { status: 502, next: 'retry' },
  version_refused: { status: 502, next: 'ask' },
  unreachable: { status: 503, next: 'retry' },
  deadline_passed: { status: 504, next: 'retry' },
  node_offline: { status: 503, next: 'retry' },
  source_failed: { status: 502, next: 'retry' },
  source_refused: { status: 409, next: 'give_up' },
  shutting_down: { status: 503, next: 'retry' },
  interrupted: { status: 500, next: 'ask' },
  internal: { status: 500, next: 'give_up' },
} as const satisfies Record<string, { status: number; next: Next }>;

export type ErrorCode = keyof typeof ERRORS;

/** After these it is not known how things stand: what was asked for may have been done, or be on its way. */
export const OPEN_ENDED: readonly ErrorCode[] = ['deadline_passed', 'shutting_down', 'unreachable'];

/** An error that a person can act on: `message` says what happened and where, `hint` what to do. */
export class LabError extends Error {
  readonly code: ErrorCode;
  /** Where in the input or the options, as in `docker[0].url`. */
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { path?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'LabError';
    this.code = code;
    this.path = more.path;
    this.hint = more.hint;
  }

  get next(): Next {
    return ERRORS[this.code].next;
  }
}

/** Any thrown value as a `LabError`; what is not one yet is a fault of ours. */
export function asLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LabError('internal', message, { cause: thrown });
}

/** The same for what came of a system's answer: where reading it stumbles, it is not what the system should have said. */
export function asAnswerError(thrown: unknown): LabError {
  const error = asLabError(thrown);
  if (error.code !== 'internal') return error;
  return new LabError('source_failed', `an answer is not as it should be (${error.message})`, {
    hint: 'is there a proxy or another service at that address, or a version that Labkeeper does not know yet?',
    cause: thrown,
  });
}

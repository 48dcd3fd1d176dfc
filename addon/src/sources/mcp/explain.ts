import { asLabError, LabError } from '../../core/errors.ts';
import { shown } from '../../core/words.ts';

/** What the last HTTP answer was like, where a library keeps that to itself. */
export interface HttpSeen {
  readonly status: number;
  readonly contentType: string;
  /** Where it sends people instead. */
  readonly location: string | undefined;
  /** It names a place where tokens are given out (OAuth). */
  readonly wantsLogin: boolean;
}

const MCP_TYPES = /^(application\/json|text\/event-stream)\b/i;
const PATH_HINT = 'the path is mostly /mcp, with older servers /sse: correct url';

/**
 * Says what is wrong with a server in words that help.
 *
 * @param hasToken the options have a token
 */
export function explain(
  name: string,
  thrown: unknown,
  seen: HttpSeen | undefined,
  hasToken: boolean,
): LabError {
  if (thrown instanceof LabError) return thrown;
  const said = shown((thrown as Error)?.message ?? thrown, 200);
  const of = (code: LabError['code'], message: string, hint: string): LabError =>
    new LabError(code, `${name}: ${message}`, { hint, cause: thrown });
  if (/protocol version is not supported/i.test(said))
    return of(
      'version_refused',
      `it wants a version of the protocol that Labkeeper does not speak: ${said.split(': ').at(-1)}`,
      'update the server, or Labkeeper',
    );
  const { status = 0, contentType = '', location, wantsLogin } = seen ?? {};
  if (status === 401) {
    const hint = hasToken
      ? 'correct the option token, and token_header if it wants the token elsewhere'
      : wantsLogin
        ? 'it wants a login by OAuth, which Labkeeper cannot do: have the server make a token, and give that as token'
        : 'give its token as the option token';
    return of('credentials_refused', 'it refuses the token, or wants one (401)', hint);
  }
  if (status === 403)
    return of(
      'privilege_missing',
      'it refuses to talk to us (403)',
      'may the token do this? Some servers also refuse host names that they do not know: let it allow the one in url',
    );
  if (status >= 300 && status < 400)
    return of(
      'path_wrong',
      `it sends us elsewhere (${status})`,
      `set url to ${shown(location, 200)} if that is right`,
    );
  if ([400, 404, 405, 406, 410, 415, 501].includes(status))
    return of('path_wrong', `nobody speaks MCP at this path (${status})`, PATH_HINT);
  if (status === 429)
    return of('too_many_requests', 'it is asked too often (429)', 'raise the option interval');
  if (status >= 400) return of('source_failed', `it failed (${status})`, 'look into its log');
  if (contentType !== '' && !MCP_TYPES.test(contentType))
    return of(
      'protocol_wrong',
      `it answers with ${shown(contentType, 60)} and not with MCP`,
      `something else listens there: check host and port; ${PATH_HINT}`,
    );
  if (['ZodError', '$ZodError', 'SyntaxError'].includes((thrown as Error)?.name))
    return of('protocol_wrong', 'its answer is no message of MCP', 'is it a server of MCP, and a sound one?');
  if ((thrown as Error)?.name === 'McpError')
    return of('source_refused', `it said: ${said}`, 'look into its log');
  return new LabError('source_failed', `${name}: ${shown(asLabError(thrown).message, 200)}`, {
    cause: thrown,
  });
}

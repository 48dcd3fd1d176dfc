/** What the app answers to what it does not do. */
export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly path: string | undefined;

  constructor(code: string, message: string, more: { hint?: string; path?: string } = {}) {
    super(message);
    this.code = code;
    this.hint = more.hint;
    this.path = more.path;
  }
}

/** The app's own interface. Its address is beside the page's, whatever stands before that. */
export class Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#json<T>(path, signal === undefined ? {} : { signal });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, withBody('POST', body));
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, withBody('PUT', body));
  }

  async delete(path: string): Promise<void> {
    await this.#ask(path, { method: 'DELETE' });
  }

  async text(
    path: string,
    signal?: AbortSignal,
  ): Promise<{ readonly text: string; readonly headers: Headers }> {
    const answer = await this.#ask(path, signal === undefined ? {} : { signal });
    return { text: await answer.text(), headers: answer.headers };
  }

  async #json<T>(path: string, init: RequestInit): Promise<T> {
    return (await this.#ask(path, init)).json() as Promise<T>;
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(path, init);
    } catch (thrown) {
      if (init.signal?.aborted) throw thrown;
      throw new ApiError('unreachable', 'Labkeeper does not answer.');
    }
    if (answer.ok) return answer;
    throw await errorOf(answer);
  }
}

const withBody = (method: string, body: unknown): RequestInit => ({
  ...{ method, headers: { 'content-type': 'application/json' } },
  body: JSON.stringify(body),
});

async function errorOf(answer: Response): Promise<ApiError> {
  try {
    const { code, message, hint, path } = (await answer.json()) as Record<string, string>;
    if (code !== undefined && message !== undefined) {
      return new ApiError(code, message, { ...(hint && { hint }), ...(path && { path }) });
    }
  } catch {
    // A proxy in between has words of its own.
  }
  return new ApiError('unreachable', `Labkeeper does not answer as it should (${answer.status}).`);
}

/** What went wrong, with what to do about it. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof ApiError && thrown.hint !== undefined)
    return `${thrown.message}. ${sentence(thrown.hint)}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

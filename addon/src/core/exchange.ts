/** One request to a system, and what came back. */
export interface Exchange {
  /** Where it was sent: the address that the options name. */
  readonly origin: string;
  readonly method: string;
  /** With its query, as it was sent. */
  readonly path: string;
  /** undefined: no answer came. */
  readonly answer: ExchangeAnswer | undefined;
}

export interface ExchangeAnswer {
  readonly status: number;
  /** The words beside the status. */
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The body is one piece of a stream, which other pieces of the same request follow. */
  readonly piece?: true;
}

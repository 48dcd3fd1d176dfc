/** What the API refuses. The first line of the message becomes the HTTP status text, as in Proxmox VE. */
export class PveError extends Error {
  readonly status: number;
  /** By parameter. */
  readonly errors: Readonly<Record<string, string>> | undefined;

  constructor(status: number, message: string, errors?: Readonly<Record<string, string>>) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Refused before the API was asked: Proxmox VE answers without a body. */
export class AuthError extends PveError {
  constructor(message: string) {
    super(401, message);
  }
}

/** What Perl's `die` becomes. */
export const died = (message: string): PveError => new PveError(500, message);

export const forbidden = (what: string): PveError => new PveError(403, `Permission check failed (${what})`);

export const badParameters = (errors: Readonly<Record<string, string>>): PveError =>
  new PveError(400, 'Parameter verification failed.', errors);

export const notImplemented = (method: string, path: string): PveError =>
  new PveError(501, `Method '${method} ${path}' not implemented`);

/** What the HTTP client between the nodes says of a node that does not answer. */
export const unreachable = (): PveError => new PveError(595, 'No route to host');

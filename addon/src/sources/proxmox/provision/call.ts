import type { ProxmoxClient } from '../client.ts';

/** A change as it is sent. */
export interface Call {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below `/api2/json`, its parts encoded. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/** As a dry run shows it. */
export const callText = ({ method, path, form }: Call): string =>
  [`${method} ${path}`, ...Object.entries(form).map(([key, value]) => `${key}=${value}`)].join(' ');

/** Sends it, once. @returns what it was answered with: of what takes long, its task */
export const send = (
  client: ProxmoxClient,
  { method, path, form }: Call,
  signal: AbortSignal,
): Promise<string> => client.change(method, path, form, signal);

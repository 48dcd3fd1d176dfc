export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

export const ok = (data: readonly unknown[], meta: object = {}): Answer => ({
  status: 200,
  body: { meta: { rc: 'ok', ...meta }, data },
});
export const refused = (status: number, msg: string, meta: object = {}): Answer => ({
  status,
  body: { meta: { rc: 'error', msg, ...meta }, data: [] },
});

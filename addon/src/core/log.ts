import pino from 'pino';
import type { Secrets } from './secrets.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** A line of the log is a sentence for people; `fields` hold what a search would look for. */
export interface Log {
  error(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
  /** A log whose lines begin with `part`, as in `docker/nas`. */
  child(part: string): Log;
}

/** Writes `21:04:05 INFO  docker/nas: message field=value` lines, secrets taken out. */
export function createLog(level: LogLevel, write: (line: string) => void, secrets: Secrets): Log {
  const destination = { write: (json: string) => write(`${secrets.redact(lineOf(JSON.parse(json)))}\n`) };
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

function wrap(logger: pino.Logger, part = ''): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      logger[level](fields, message);
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: (name) => {
      const path = part === '' ? name : `${part}/${name}`;
      return wrap(logger.child({ part: path }), path);
    },
  };
}

function lineOf(entry: Record<string, unknown>): string {
  const { time, level, part, msg, ...fields } = entry;
  const label = pino.levels.labels[level as number]?.toUpperCase() ?? '';
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${fieldOf(value)}`);
  // Names from the lab end up here: control characters would forge lines or drive a terminal.
  const text = `${part === undefined ? '' : `${part}: `}${msg}${rest.join('')}`.replace(/\p{Cc}/gu, ' ');
  return `${String(time).slice(11, 19)} ${label.padEnd(5)} ${text}`;
}

function fieldOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const error = value as { message?: unknown; stack?: unknown } | null;
  if (typeof error?.stack === 'string') return error.stack;
  return JSON.stringify(value);
}

/** Says nothing; for tests and tools. */
export const silentLog: Log = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLog,
};

import { type Options, optionsSchema } from '../config/options.ts';
import { secretsOf, withoutSecrets } from '../config/secrets.ts';
import type { Source } from '../contract/source.ts';
import { createLog, type Log } from '../core/log.ts';
import { LogTail } from '../core/log-tail.ts';
import { Secrets } from '../core/secrets.ts';

export interface OwnLog {
  readonly log: Log;
  /** What of it is kept to be shown. */
  readonly tail: LogTail;
  readonly secrets: Secrets;
  /** Takes out the secrets that are known by now. */
  readonly redact: (text: string) => string;
  /** The options without their secrets. */
  readonly shownOptions: unknown;
}

/** The log, without the secrets of the options from the first line on. @param write where its lines go */
export function ownLogOf(
  options: Options,
  sources: Readonly<Record<string, Source>>,
  write: (line: string) => void,
): OwnLog {
  const schema = optionsSchema(sources);
  const secrets = new Secrets();
  for (const secret of secretsOf(schema, options)) secrets.add(secret);
  const tail = new LogTail();
  const tell = (line: string): void => {
    tail.add(line);
    write(line);
  };
  return {
    log: createLog(options.log_level ?? 'info', tell, secrets),
    ...{ tail, secrets, redact: (text) => secrets.redact(text) },
    shownOptions: withoutSecrets(schema, options),
  };
}

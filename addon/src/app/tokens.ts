import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../core/database.ts';
import type { Secrets } from '../core/secrets.ts';
import { TokenBook } from '../http/tokens.ts';

export interface TokenParts {
  readonly database: Database;
  readonly settings: Pick<Settings, 'dataFolder'>;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly options: Pick<Options, 'allow' | 'allow_mcp'>;
}

/** The tokens of the doors, with those that are always there. */
export function tokensOf({ database, settings, clock, secrets, options }: TokenParts): TokenBook {
  const { dataFolder } = settings;
  const tokens = new TokenBook({ database, dataFolder, clock, hide: (token) => secrets.add(token) });
  tokens.ensure('homeassistant', 'homeassistant', 'destroy');
  tokens.ensure('http', 'http', options.allow ?? 'operate');
  tokens.ensure('mcp', 'mcp', options.allow_mcp ?? 'observe');
  return tokens;
}

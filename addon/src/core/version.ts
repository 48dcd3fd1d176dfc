import { readFileSync } from 'node:fs';

/** Put in by the bundler, whose output stands beside no package.json. */
declare const LABKEEPER_VERSION: string | undefined;

export const IS_BUNDLED = typeof LABKEEPER_VERSION === 'string';
/** Of Labkeeper, as package.json has it. */
export const VERSION: string = IS_BUNDLED
  ? LABKEEPER_VERSION
  : JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;

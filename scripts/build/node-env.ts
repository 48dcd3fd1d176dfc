import { NODE_ENVIRONMENT, NODE_FLAGS } from './flags.ts';

/** For a shell that is about to start the bundle: sets what Node.js is to find in its environment, and `NODE_FLAGS`. */
export function nodeEnv(): string {
  const variables = Object.entries(NODE_ENVIRONMENT).map(([name, value]) => `export ${name}='${value}'`);
  return [...variables, `NODE_FLAGS='${NODE_FLAGS.join(' ')}'`, ''].join('\n');
}

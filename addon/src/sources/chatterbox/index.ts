import { defineSource } from '../../contract/source.ts';
import { chatterboxOptions, checkServer } from './config.ts';
import { ChatterboxSession } from './session.ts';

/** Servers that speak with Chatterbox. https://github.com/resemble-ai/chatterbox */
export const chatterbox = defineSource({
  id: 'chatterbox',
  title: 'Chatterbox',
  options: chatterboxOptions,
  check: checkServer,
  kinds: ['speech'],
  // A look is three calls, twice a minute.
  budget: 10,
  open: (options, context) => new ChatterboxSession(options, context),
});

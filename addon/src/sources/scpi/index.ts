import { defineSource } from '../../contract/source.ts';
import { checkScpiLists, type ScpiOptions, scpiOptions, scpiShared } from './config.ts';
import { ScpiSession } from './session.ts';

/** Instruments on the bench, by SCPI over TCP (IEEE 488.2, SCPI 1999.0). */
export const scpi = defineSource({
  id: 'scpi',
  title: 'SCPI',
  options: scpiOptions,
  kinds: ['instrument'],
  shared: scpiShared,
  checkShared: checkScpiLists,
  // An answer takes milliseconds, and one value is one question.
  budget: 600,
  open: (options, context) => new ScpiSession(options as ScpiOptions, context),
});

import { defineSource } from '../../contract/source.ts';
import { pulseOptions } from './config.ts';
import { PulseSession } from './session.ts';

/** Pulse, which watches Proxmox VE and its like. https://github.com/rcourtman/Pulse */
export const pulse = defineSource({
  id: 'pulse',
  title: 'Pulse',
  options: pulseOptions,
  kinds: ['monitor'],
  // A look is three calls, twice a minute; each webhook has it looked at once more.
  budget: 20,
  open: (options, context) => new PulseSession(options, context),
});

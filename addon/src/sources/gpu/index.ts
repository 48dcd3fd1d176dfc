import { defineSource } from '../../contract/source.ts';
import { checkWays, gpuOptions } from './config.ts';
import { GpuSession } from './session.ts';

/** NVIDIA cards in machines that Labkeeper is not in, as those that are passed through to a virtual machine. */
export const gpu = defineSource({
  id: 'gpu',
  title: 'GPU',
  options: gpuOptions,
  kinds: ['gpu'],
  check: checkWays,
  budget: 30,
  open: (options, context) => new GpuSession(options, context),
});

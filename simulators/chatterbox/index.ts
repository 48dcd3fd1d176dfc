export { ChatterboxMachine, type ChatterboxRequest, type ChatterboxVoice, LANGUAGES } from './machine.ts';
export {
  type ChatterboxDialect,
  type ChatterboxSimulator,
  type ChatterboxSimulatorOptions,
  startChatterboxSimulator,
} from './server.ts';
export { RATE, soundOf } from './sound.ts';
export { type WavManner, wavOf } from './wav-file.ts';

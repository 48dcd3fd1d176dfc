export { type SimInstrument, SimMeter, SimScope, SimSupply } from './instruments.ts';
export { type ScpiSimulator, startScpiSimulator } from './server.ts';

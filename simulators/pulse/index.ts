export { bringToLife } from './life.ts';
export { PulseMonitor, type Raised, type SimAlert, seededMonitor } from './monitor.ts';
export { type PulseSimulator, startPulseSimulator } from './server.ts';

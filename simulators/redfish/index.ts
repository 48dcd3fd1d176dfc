export { bringToLife } from './life.ts';
export { type Health, Machine, type SimDrive } from './machine.ts';
export { R640_SERIALS, r640 } from './seed.ts';
export { type RedfishSimulator, startRedfishSimulator } from './server.ts';

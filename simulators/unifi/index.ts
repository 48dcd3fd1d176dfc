export { bringToLife } from './life.ts';
export { gatewayOf, MAC, seededSite, type UnifiSeed } from './seed.ts';
export { startUnifiSimulator, type UnifiSimulator } from './server.ts';
export { type Generation, type SimClient, type SimDevice, Site } from './site.ts';

export { type Acl, type ApiToken, ROLES } from './access.ts';
export { makeCertificate } from './certificate.ts';
export { ProxmoxCluster } from './cluster.ts';
export { type Fault, Faults, htmlPage } from './faults.ts';
export { type DiskSpec, NodeHardware, type PoolSpec } from './hardware.ts';
export { bringToLife, type Life } from './life.ts';
export { living, steady } from './load.ts';
export { boot } from './node-power.ts';
export {
  ADMIN,
  AUDITOR_TOKEN,
  bigCluster,
  homeServer,
  OPERATOR_TOKEN,
  seededCluster,
  threeNodeCluster,
} from './seed.ts';
export { type ProxmoxSimulator, startProxmoxSimulator } from './server.ts';

export { type BackupServer, type SimDatastore, seededBackupServer } from './backup-server.ts';
export { type PbsSimulator, startPbsSimulator } from './server.ts';

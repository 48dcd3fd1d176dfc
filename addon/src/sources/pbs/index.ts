import { defineSource } from '../../contract/source.ts';
import { pbsOptions } from './config.ts';
import { PbsSession } from './session.ts';

/** Proxmox Backup Servers. https://pbs.proxmox.com/docs/api-viewer/ */
export const pbs = defineSource({
  id: 'pbs',
  title: 'Proxmox Backup Server',
  options: pbsOptions,
  kinds: ['backupserver', 'datastore'],
  // At rest it is four; what tasks change is read beside that.
  budget: 20,
  open: (options, context) => new PbsSession(options, context),
});

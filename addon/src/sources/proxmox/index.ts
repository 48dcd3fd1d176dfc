import { defineSource } from '../../contract/source.ts';
import { checkProxmoxOptions, proxmoxOptions } from './config.ts';
import { ProxmoxSession } from './session.ts';

/** Proxmox VE, by its API. https://pve.proxmox.com/pve-docs/api-viewer/ */
export const proxmox = defineSource({
  id: 'proxmox',
  title: 'Proxmox VE',
  options: proxmoxOptions,
  kinds: ['cluster', 'node', 'guest', 'storage', 'pool', 'disk'],
  check: checkProxmoxOptions,
  // Its web server has few workers, and each call is paid by the node's CPU.
  budget: 60,
  open: (options, context) => new ProxmoxSession(options, context),
});

import { defineSource } from '../../contract/source.ts';
import { checkLogin, unifiOptions } from './config.ts';
import { UnifiSession } from './session.ts';

/** One site of a UniFi Network controller, of its own or on a console with UniFi OS. */
export const unifi = defineSource({
  id: 'unifi',
  title: 'UniFi',
  options: unifiOptions,
  kinds: ['site', 'gateway', 'switch', 'accesspoint', 'network', 'wlan', 'client'],
  check: checkLogin,
  // A CloudKey is a small computer.
  budget: 20,
  open: (options, context) => new UnifiSession(options, context),
});

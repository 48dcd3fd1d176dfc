import { defineSource } from '../../contract/source.ts';
import { redfishOptions } from './config.ts';
import { RedfishSession } from './session.ts';

/** Servers by their management controllers, by Redfish. https://redfish.dmtf.org/schemas/ */
export const redfish = defineSource({
  id: 'redfish',
  title: 'Redfish',
  options: redfishOptions,
  kinds: ['server', 'disk'],
  // A controller is a small computer that takes a second for each answer.
  budget: 30,
  open: (options, context) => new RedfishSession(options, context),
});

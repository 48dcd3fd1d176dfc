import type { Hass } from '../hass/types.ts';
import { dashboardFor } from './dashboard.ts';

/** `custom:labkeeper`: a whole dashboard from nothing. */
export class LabkeeperStrategy extends HTMLElement {
  static async generate(config: { readonly hours?: number }, hass: Hass): Promise<object> {
    return dashboardFor(config, hass);
  }
}

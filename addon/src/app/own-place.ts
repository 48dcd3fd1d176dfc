import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import type { LabViewParts } from './lab-view.ts';
import { ownFacts } from './own-facts.ts';

/** What tells where Labkeeper itself and its broker are in the lab. */
export type OwnPlace = Pick<LabViewParts, 'lab' | 'self' | 'own' | 'broker'>;

/** @param address of the broker; undefined: not known yet */
export function ownPlace(
  lab: OwnPlace['lab'],
  { self, mqtt }: Pick<Options, 'self' | 'mqtt'>,
  { smbios }: Pick<Settings, 'smbios'>,
  address: { readonly host: string; readonly port: number } | undefined,
): OwnPlace {
  // One of our own ends with us, whatever address it has; the one that Home Assistant offers runs where we do.
  const broker =
    mqtt?.host === undefined || address === undefined
      ? undefined
      : { host: address.host, port: address.port };
  return { lab, self, own: () => ownFacts(smbios), broker };
}

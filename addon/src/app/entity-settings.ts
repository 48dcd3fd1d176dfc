import type { InstanceOptions, Options } from '../config/options.ts';
import type { Configured } from '../engine/engine.ts';
import type { EntitySettings } from '../entities/settings.ts';

/** What the options say of how the lab is published. */
export function entitySettingsOf(
  options: Options,
  systems: readonly Configured[],
  version: string,
): EntitySettings {
  const { site = '', discovery_prefix: discoveryPrefix = 'homeassistant' } = options;
  /** What the systems' entries say under a key, by owner. */
  const ofEach = <K extends 'area' | 'entities'>(
    key: K,
  ): ReadonlyMap<string, NonNullable<InstanceOptions[K]>> =>
    new Map(
      systems.flatMap(({ source, id }) => {
        const entries = options[source.id] as readonly InstanceOptions[];
        const value = entries.find((candidate) => candidate.id === id)?.[key];
        return value == null ? [] : [[`${source.id}/${id}`, value]];
      }),
    );
  return {
    base: site === '' ? 'labkeeper' : `labkeeper-${site}`,
    discoveryPrefix,
    link: options.mqtt?.link ?? '',
    site,
    language: options.language ?? 'en',
    level: options.entities ?? 'standard',
    levels: ofEach('entities'),
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    primaryControls: options.controls === 'primary',
    areas: ofEach('area'),
    version,
  };
}

import type { Level } from '../kinds/rows.ts';

/** What decides how the lab looks in Home Assistant. */
export interface EntitySettings {
  /** First part of all our topics. */
  readonly base: string;
  /** First part of Home Assistant's discovery topics. */
  readonly discoveryPrefix: string;
  /** Topic on which a bridge between brokers says whether it is connected (`1`, `0`), or ''. */
  readonly link: string;
  /** Prefix of object ids, or ''. */
  readonly site: string;
  readonly language: 'en' | 'de';
  /** How much of each thing is published, where `levels` says nothing else. */
  readonly level: Level;
  /** The level of single instances, by owner (`<source>/<instance>`). */
  readonly levels: ReadonlyMap<string, Level>;
  /** Patterns of resource ids and names that are published, `*` standing for anything; none: all. */
  readonly include: readonly string[];
  /** Patterns of what is not published; they win over `include`. */
  readonly exclude: readonly string[];
  /** True: power controls are ordinary switches that voice assistants and areas reach. */
  readonly primaryControls: boolean;
  /** Suggested area of each instance's devices, by `<source>/<instance>`. */
  readonly areas: ReadonlyMap<string, string>;
  /** Labkeeper's own version. */
  readonly version: string;
}

export const defaultSettings: EntitySettings = {
  base: 'labkeeper',
  discoveryPrefix: 'homeassistant',
  link: '',
  site: '',
  language: 'en',
  level: 'standard',
  levels: new Map(),
  include: [],
  exclude: [],
  primaryControls: false,
  areas: new Map(),
  version: '0.0.0',
};

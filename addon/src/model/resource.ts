/** What a source measured or was told. `null`: unknown at present. A key left out: this thing has no such reading. */
export type Reading = string | number | boolean | null;

/** One of several alike that a resource has, with readings of its own: too small to be a resource itself. */
export interface Item {
  /** `[a-z0-9_]+`; never changes in its life. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  readonly [reading: string]: Reading;
}

/** What describes a resource and hardly changes; shown on its device, never as a state. */
export interface Facts {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly version?: string;
  readonly serial?: string;
  /** Where a person manages it; http or https. */
  readonly url?: string;
  /** Whatever else is worth showing to a person, by name. */
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
}

/**
 * What others may know a resource by. One `mac`, `serial`, `smbios`, `gpu_uuid` or `pci` identifies it; an `ip` or a
 * `hostname` alone does not, since both get used again. Spelled as `alias` makes it.
 */
export type AliasType =
  | 'mac'
  | 'ip'
  | 'hostname'
  | 'serial'
  | 'smbios'
  | 'pci'
  | 'gpu_uuid'
  /** `<address>:<port>` where it takes TCP connections, as Labkeeper would make them. */
  | 'endpoint';
export type Alias = `${AliasType}:${string}`;

/** One spelling for each alias: `AA-BB-…`, `aabb.…` and `aa:bb:…` are one MAC. What it names may still say nothing. */
export function alias(type: AliasType, value: string): Alias {
  const plain = value.trim().toLowerCase();
  if (type === 'hostname') return `hostname:${plain.replace(/\.$/, '')}`;
  if (type !== 'mac') return `${type}:${plain}`;
  const digits = plain.replaceAll(/[-:.]/g, '');
  return `mac:${/^[0-9a-f]{12}$/.test(digits) ? digits.replaceAll(/..(?=.)/g, '$&:') : plain}`;
}

/** How things of a lab hang together otherwise than by containment. `carries`: its frames go through this. */
export type LinkType = 'runs_on' | 'uses_gpu' | 'uses_storage' | 'attached_to' | 'member_of' | 'carries';

/** An edge to another resource: by its id, or by what it is known by. */
export interface Link {
  readonly type: LinkType;
  readonly to: string | readonly Alias[];
  /** Where on the resource that has the link: the key of an item, as in `port_5`. */
  readonly at?: string;
  /** It hangs somewhere beyond that, where nothing tells of it. */
  readonly via?: 'uplink';
}

/** A link as the store shows it: to something that is there. */
export interface ResolvedLink extends Link {
  readonly to: string;
}

/**
 * The links of a resource that came out of the store: it shows none that leads nowhere.
 *
 * @returns empty for a resource that has none
 */
export function linksOf(resource: Resource): readonly ResolvedLink[] {
  return (resource.links ?? []).filter((link): link is ResolvedLink => typeof link.to === 'string');
}

/** What one other thing is known by that lies on this one. */
export interface Content {
  readonly kind: string;
  /** Its id, where a person stated that: nothing else counts then. */
  readonly id?: string;
  /**
   * What its parts are known by, as in serials of drives: at least two of them, or all, say which it is. A part that is
   * known by several things has them in a list, and counts once.
   */
  readonly parts?: readonly (Alias | readonly Alias[])[];
  /** What it is known by itself, if it is the only one of its kind: a host name is enough. */
  readonly itself?: readonly Alias[];
}

/** One thing of the lab. Never changed in place: a new value is a new object, an equal value the same one. */
export interface Resource<
  K extends string = string,
  R = Readonly<Record<string, Reading | readonly Item[] | undefined>>,
> {
  /** `<source>/<instance>/<kind>/<vendor path>`, made of what never changes in the thing's life. */
  readonly id: string;
  readonly kind: K;
  /** Its name in the lab, as people there write it: hostile input. */
  readonly name: string;
  readonly readings: R;
  readonly facts: Facts;
  /** The id of what contains it. */
  readonly parent?: string;
  /** What contains it, where its source knows that only by what others know it by. `parent` outranks it. */
  readonly parentKnownBy?: readonly Alias[];
  /**
   * What lies on it, where that thing's source cannot tell. It outranks the parent that the other states, which is
   * shown as something that it is a member of.
   */
  readonly content?: Content;
  readonly aliases?: readonly Alias[];
  readonly links?: readonly Link[];
  /** False while what is known of it may be out of date. */
  readonly available: boolean;
}

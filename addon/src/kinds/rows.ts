import type { Static, TObject } from 'typebox';
import type { Resource } from '../model/resource.ts';

/** A text in every language that Labkeeper speaks. */
export interface Text {
  readonly en: string;
  readonly de: string;
}

/** How much a user wants to see: each level holds the one before. */
export type Level = 'essential' | 'standard' | 'all';

/** What a payload on an entity's command topic asks for. */
export interface Command {
  readonly action: string;
  readonly input: Readonly<Record<string, string | number | boolean>>;
}

interface RowBase {
  /** The last part of topics and unique ids; never changes after a release. */
  readonly key: string;
  /** null: the device's main feature, which bears the device's name. */
  readonly name: Text | null;
  readonly level: Level;
  readonly category?: 'diagnostic' | 'config';
  readonly icon?: `mdi:${string}`;
  /** False: Home Assistant creates it disabled. */
  readonly enabled?: false;
}

/** When a number has changed enough to be told. A change to or from unknown or 0 always has. */
export interface Damping {
  /** Least change, in the row's unit. */
  readonly least?: number;
  /** Least change, as a part of the value told last: 0.1 is 10 %. With `least` too, the larger counts. */
  readonly share?: number;
  /** Least seconds between two tellings. */
  readonly seconds?: number;
}

interface ValueRow<R> extends RowBase {
  /** The reading that it shows. */
  readonly reading: keyof R & string;
  /** `state` changes on events; `metrics` are fast numbers, published apart so that they wake nobody else. */
  readonly topic: 'state' | 'metrics';
}

export interface SensorRow<R> extends ValueRow<R> {
  readonly platform: 'sensor';
  readonly deviceClass?: string;
  readonly stateClass?: 'measurement' | 'total' | 'total_increasing';
  /** Never changes after a release. */
  readonly unit?: string;
  /** Every value of an enum. */
  readonly options?: readonly string[];
  /** Decimals that are published; what differs less is the same state. */
  readonly decimals?: number;
  readonly damping?: Damping;
}

export interface BinarySensorRow<R> extends ValueRow<R> {
  readonly platform: 'binary_sensor';
  readonly deviceClass?: string;
}

/** Whether something is at home: `reading` is true while it is in the network. */
export interface TrackerRow<R> extends ValueRow<R> {
  readonly platform: 'device_tracker';
}

export interface SwitchRow<R> extends ValueRow<R> {
  readonly platform: 'switch';
  readonly deviceClass?: 'switch' | 'outlet';
  readonly commands: { readonly ON: Command; readonly OFF: Command };
}

/** A number that can be set, from 0 up. */
export interface NumberRow<R> extends ValueRow<R> {
  readonly platform: 'number';
  readonly deviceClass?: string;
  /** Never changes after a release. */
  readonly unit: string;
  readonly decimals: number;
  /** The reading with the most that it may be set to, without which the row is not there. */
  readonly most: keyof R & string;
  /** The action that sets it, and the field of its input that takes the number. */
  readonly sets: { readonly action: string; readonly field: string };
}

export interface SelectRow<R> extends ValueRow<R> {
  readonly platform: 'select';
  /** The list of all that may be chosen, by their titles; without it the row is not there. */
  readonly choices: keyof R & string;
  /** The action that chooses, and the field of its input that takes the choice. */
  readonly sets: { readonly action: string; readonly field: string };
}

export interface ButtonRow<R> extends RowBase {
  readonly platform: 'button';
  readonly deviceClass?: 'restart' | 'update' | 'identify';
  readonly commands: { readonly PRESS: Command };
  /** A reading without which it makes no sense: it is there only where that is. */
  readonly needs?: keyof R & string;
  /** True: it can be pressed while its device is unavailable; that is what it is for. */
  readonly whileAway?: true;
}

/** What runs, and what could run instead. Without a command: only told, never installed from here. */
export interface UpdateRow<R> extends ValueRow<R> {
  readonly platform: 'update';
  /** The reading with the newest version there is, without which the row is not there; `reading` is the installed one. */
  readonly latest: keyof R & string;
  /** The reading with what is new, in a few words. */
  readonly summary?: keyof R & string;
  /** The reading with an https address where more of it is told. */
  readonly link?: keyof R & string;
  readonly deviceClass?: 'firmware';
  readonly commands?: { readonly INSTALL: Command };
  /** The reading without which the command is not offered. */
  readonly offered?: keyof R & string;
  /** The reading that is there while it is installed: percent. */
  readonly progress?: keyof R & string;
}

/** A picture: `reading` is a PNG in Base64. It has a topic of its own. */
export interface ImageRow<R> extends RowBase {
  readonly platform: 'image';
  readonly reading: keyof R & string;
}

/** Whether the system behind the device answers; the one entity that stays available while it does not. */
export interface ConnectivityRow extends RowBase {
  readonly platform: 'connectivity';
}

/** Something that happens at a moment and has no state. Its message: `event_type`, and what else is to be known of it. */
export interface EventRow<R = object> extends RowBase {
  readonly platform: 'event';
  readonly types: readonly [string, ...string[]];
  /** A reading without which it makes no sense: it is there only where that is. */
  readonly needs?: keyof R & string;
  readonly deviceClass?: 'button' | 'doorbell' | 'motion';
}

export type Row<R> =
  | SensorRow<R>
  | BinarySensorRow<R>
  | TrackerRow<R>
  | SwitchRow<R>
  | NumberRow<R>
  | SelectRow<R>
  | ButtonRow<R>
  | UpdateRow<R>
  | ImageRow<R>
  | ConnectivityRow
  | EventRow<R>;

/** The readings that are lists of items. */
type ListOf<R> = {
  [K in keyof R & string]-?: NonNullable<R[K]> extends readonly { key: string; title: string }[] ? K : never;
}[keyof R & string];

/** Rows that every item of one list gets: their keys and names begin with the item's. */
export type ItemRows<R> = {
  [K in ListOf<R>]: {
    readonly list: K;
    readonly rows: readonly Row<NonNullable<R[K]> extends readonly (infer I)[] ? I : never>[];
  };
}[ListOf<R>];

/** A kind of thing in a lab: what can be read of it, and how that becomes entities. */
export interface KindDefinition<K extends string, T extends TObject> {
  readonly kind: K;
  readonly title: Text;
  /** Units stand in the descriptions; `null` is unknown, an optional reading may not exist at all. */
  readonly readings: T;
  /** Never empty: a kind without entities would be an invisible device. */
  readonly rows: readonly [Row<Static<T>>, ...Row<Static<T>>[]];
  readonly items?: readonly ItemRows<Static<T>>[];
}

/** Declares a kind. A row that names a reading which the kind does not have does not compile. */
export function defineKind<const K extends string, T extends TObject>(
  definition: KindDefinition<K, T>,
): KindDefinition<K, T> {
  return definition;
}

export type ResourceOfKind<D> =
  D extends KindDefinition<infer K, infer T> ? Resource<K, Readonly<Static<T>>> : never;

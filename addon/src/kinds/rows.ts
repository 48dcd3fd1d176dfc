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
}

export interface BinarySensorRow<R> extends ValueRow<R> {
  readonly platform: 'binary_sensor';
  readonly deviceClass?: string;
}

export interface SwitchRow<R> extends ValueRow<R> {
  readonly platform: 'switch';
  readonly deviceClass?: 'switch' | 'outlet';
  readonly commands: { readonly ON: Command; readonly OFF: Command };
}

export interface ButtonRow extends RowBase {
  readonly platform: 'button';
  readonly deviceClass?: 'restart' | 'update' | 'identify';
  readonly commands: { readonly PRESS: Command };
}

/** Whether the system behind the device answers; the one entity that stays available while it does not. */
export interface ConnectivityRow extends RowBase {
  readonly platform: 'connectivity';
}

export type Row<R> = SensorRow<R> | BinarySensorRow<R> | SwitchRow<R> | ButtonRow | ConnectivityRow;

/** A kind of thing in a lab: what can be read of it, and how that becomes entities. */
export interface KindDefinition<K extends string, T extends TObject> {
  readonly kind: K;
  readonly title: Text;
  /** Units stand in the descriptions; `null` is unknown, an optional reading may not exist at all. */
  readonly readings: T;
  /** Never empty: a kind without entities would be an invisible device. */
  readonly rows: readonly [Row<Static<T>>, ...Row<Static<T>>[]];
}

/** Declares a kind. A row that names a reading which the kind does not have does not compile. */
export function defineKind<const K extends string, T extends TObject>(
  definition: KindDefinition<K, T>,
): KindDefinition<K, T> {
  return definition;
}

export type ResourceOfKind<D> =
  D extends KindDefinition<infer K, infer T> ? Resource<K, Readonly<Static<T>>> : never;

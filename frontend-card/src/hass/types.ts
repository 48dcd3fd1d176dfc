import type { Finding } from '../lab/thing.ts';

/** What we use of Home Assistant's frontend: no more, so that no more can change under us. */
export interface Hass {
  readonly states: Readonly<Record<string, HassState>>;
  readonly entities: Readonly<Record<string, HassEntity>>;
  readonly devices: Readonly<Record<string, HassDevice>>;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly connection: HassConnection;
  readonly language?: string;
  readonly locale?: {
    readonly language: string;
    readonly number_format?: string;
    readonly time_zone?: string;
  };
  readonly config?: { readonly time_zone?: string };
  readonly themes?: { readonly darkMode?: boolean };
  readonly user?: { readonly is_admin: boolean };
  callApi<T>(method: string, path: string, data?: object): Promise<T>;
  callWS<T>(message: object): Promise<T>;
  callService(
    domain: string,
    service: string,
    data?: object,
    target?: object,
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<unknown>;
}

export interface HassConnection {
  subscribeMessage<T>(callback: (message: T) => void, message: object): Promise<() => Promise<void> | void>;
  subscribeEvents<T>(callback: (event: T) => void, type: string): Promise<() => Promise<void> | void>;
}

export interface HassState {
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly last_changed?: string;
}

/** An entity as `hass.entities` has it: without its unique id. */
export interface HassEntity {
  readonly entity_id: string;
  readonly device_id?: string | null;
  readonly platform?: string;
}

/** An entity as `config/entity_registry/get_entries` tells it. */
export interface RegistryEntry {
  readonly entity_id: string;
  readonly unique_id: string;
  readonly device_id: string | null;
  readonly name?: string | null;
  readonly original_name?: string | null;
}

export interface HassDevice {
  readonly id: string;
  readonly identifiers: readonly (readonly [string, string])[];
  readonly name?: string | null;
  readonly name_by_user?: string | null;
  readonly via_device_id?: string | null;
  readonly model?: string | null;
  readonly sw_version?: string | null;
  readonly configuration_url?: string | null;
}

/** A thing as the integration's command `labkeeper/lab` tells it. */
export interface ToldResource {
  readonly id: string;
  /** The identifier of its device over MQTT. */
  readonly device: string;
  readonly kind: string;
  readonly name: string;
  readonly links?: readonly { readonly type: string; readonly to: string; readonly at?: string }[];
}

/** Answer of `labkeeper/lab`. */
export interface ToldLab {
  readonly apps: readonly {
    readonly config_entry_id: string;
    readonly available: boolean;
    readonly resources: readonly ToldResource[];
    readonly findings?: readonly Finding[];
  }[];
}

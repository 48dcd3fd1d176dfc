/**
 * What a controller answers, as far as it is read. The same fields come from controllers of their own and from consoles;
 * anything may be missing in some version.
 */
export interface Envelope {
  readonly meta?: {
    readonly rc?: string;
    readonly msg?: string;
    readonly uuid?: string;
    readonly server_version?: string;
  };
  readonly data?: readonly unknown[];
}

/** `api/self/sites` */
export interface SiteRow {
  readonly name?: string;
  readonly desc?: string;
  readonly role?: string;
}

/** A port in `stat/device` */
export interface PortRow {
  readonly port_idx?: number;
  readonly name?: string;
  readonly up?: boolean;
  readonly enable?: boolean;
  readonly speed?: number;
  readonly is_uplink?: boolean;
  readonly port_poe?: boolean;
  readonly poe_mode?: string;
  readonly poe_power?: string | number;
  readonly portconf_id?: string;
  /** On newer controllers a port says its VLANs itself, unless it has a profile. */
  readonly native_networkconf_id?: string;
  readonly forward?: string;
  readonly tagged_vlan_mgmt?: string;
  readonly setting_preference?: string;
  readonly 'rx_bytes-r'?: number;
  readonly 'tx_bytes-r'?: number;
}

/** A line to the outside in `stat/device` */
export interface WanRow {
  readonly up?: boolean;
  readonly ip?: string;
  readonly ifname?: string;
  readonly latency?: number;
  readonly 'rx_bytes-r'?: number;
  readonly 'tx_bytes-r'?: number;
}

export interface UptimeStats {
  readonly availability?: number;
  readonly latency_average?: number;
  readonly monitors?: readonly { readonly latency_average?: number; readonly availability?: number }[];
}

/** `stat/device` */
export interface DeviceRow {
  readonly _id?: string;
  readonly mac?: string;
  readonly type?: string;
  readonly model?: string;
  readonly name?: string;
  readonly ip?: string;
  readonly serial?: string;
  /** Where it finds its controller. */
  readonly inform_ip?: string;
  readonly version?: string;
  readonly adopted?: boolean;
  readonly state?: number;
  readonly uptime?: number | string;
  readonly upgradable?: boolean;
  readonly upgrade_to_firmware?: string;
  readonly num_sta?: number;
  readonly 'system-stats'?: { readonly cpu?: string | number; readonly mem?: string | number };
  readonly general_temperature?: number;
  readonly has_temperature?: boolean;
  readonly temperatures?: readonly {
    readonly name?: string;
    readonly type?: string;
    readonly value?: number;
  }[];
  readonly 'rx_bytes-r'?: number;
  readonly 'tx_bytes-r'?: number;
  readonly port_table?: readonly PortRow[];
  readonly port_overrides?: readonly Readonly<Record<string, unknown>>[];
  readonly uplink?: UplinkRow;
  readonly last_uplink?: UplinkRow;
  readonly outlet_table?: readonly unknown[];
  readonly wan1?: WanRow;
  readonly wan2?: WanRow;
  readonly uptime_stats?: { readonly [group: string]: UptimeStats | undefined };
  readonly 'speedtest-status'?: {
    readonly latency?: number;
    readonly rundate?: number;
    readonly xput_download?: number;
    readonly xput_upload?: number;
  };
}

export interface UplinkRow {
  readonly type?: string;
  readonly uplink_mac?: string;
  readonly uplink_device_name?: string;
  readonly uplink_remote_port?: number;
  readonly ip?: string;
  readonly name?: string;
  readonly 'rx_bytes-r'?: number;
  readonly 'tx_bytes-r'?: number;
}

/** `stat/sta` */
export interface ClientRow {
  readonly mac?: string;
  readonly name?: string;
  readonly hostname?: string;
  readonly ip?: string;
  readonly network?: string;
  readonly network_id?: string;
  readonly is_wired?: boolean;
  readonly sw_mac?: string;
  readonly sw_port?: number;
  readonly ap_mac?: string;
  readonly essid?: string;
  readonly signal?: number;
  /** Seconds since 1970. */
  readonly last_seen?: number;
  /** It has an address of its own in `network_id`, also while it is away. */
  readonly use_fixedip?: boolean;
}

/** `rest/networkconf` */
export interface NetworkRow {
  readonly _id?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly enabled?: boolean;
  readonly vlan_enabled?: boolean;
  readonly vlan?: number | string;
  readonly ip_subnet?: string;
  readonly dhcpd_enabled?: boolean;
  readonly dhcpd_start?: string;
  readonly dhcpd_stop?: string;
  readonly wan_networkgroup?: string;
  readonly vpn_type?: string;
  /** It is the controller's own, and stays. */
  readonly attr_no_delete?: boolean;
}

/** `rest/wlanconf` */
export interface WlanRow {
  readonly _id?: string;
  readonly name?: string;
  readonly enabled?: boolean;
  readonly security?: string;
  readonly x_passphrase?: string;
  readonly hide_ssid?: boolean;
  readonly vlan_enabled?: boolean;
  readonly vlan?: number | string;
  readonly networkconf_id?: string;
}

/** `rest/portconf` */
export interface ProfileRow {
  readonly _id?: string;
  readonly name?: string;
  /** `all` VLANs, the `native` one alone, `customize`: it and some more, or `disabled`. */
  readonly forward?: string;
  readonly native_networkconf_id?: string;
  readonly tagged_networkconf_ids?: readonly string[];
}

/** `stat/event` and `stat/alarm` */
export interface EventRow {
  readonly _id?: string;
  readonly key?: string;
  readonly msg?: string;
  /** Milliseconds since 1970. */
  readonly time?: number;
  /** MAC of the client that it is about. */
  readonly user?: string;
  readonly guest?: string;
  readonly archived?: boolean;
}

/** `v2/…/system-log/all`, in place of `stat/event` on newer controllers */
export interface LogRow {
  readonly id?: string;
  readonly key?: string;
  readonly category?: string;
  readonly title_raw?: string;
  readonly message_raw?: string;
  readonly parameters?: Readonly<
    Record<string, { readonly id?: string; readonly name?: string; readonly hostname?: string } | undefined>
  >;
  /** `NEW` until somebody has seen it. */
  readonly status?: string;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
}

/** What comes over the event socket. */
export interface Push {
  readonly meta?: { readonly message?: string };
  readonly data?: readonly Readonly<Record<string, unknown>>[];
}

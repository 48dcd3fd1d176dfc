/** What a port was like; null: not known. */
export interface PortSeen {
  readonly enabled: boolean | null;
  readonly profile: string | null;
  readonly vlan: number | null;
}

/** What a network was like; its subnet is left out where it has none. */
export interface NetworkSeen {
  readonly name: string;
  readonly subnet?: string | undefined;
}

/** A network to be made. */
export interface NetworkWish {
  readonly name: string;
  /** 2 to 4009 */
  readonly vlan: number;
  /** The gateway's address with the length of the prefix, as in `192.168.70.1/24`; left out: there is no way out of it. */
  readonly subnet?: string;
  /** False: addresses are not given out. */
  readonly dhcp?: boolean;
  /** The first and the last address that are given out; left out: most of them. */
  readonly dhcp_start?: string;
  readonly dhcp_stop?: string;
}

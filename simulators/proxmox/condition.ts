/** A package that could be newer. */
export interface PendingPackage {
  readonly name: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly origin?: string;
}

export interface LinkSpec {
  readonly iface: string;
  readonly type: 'eth' | 'bridge' | 'bond' | 'vlan';
  readonly autostart?: boolean;
  /** With prefix. */
  readonly cidr?: string;
  /** Of a bridge, divided by spaces. */
  readonly ports?: string;
  readonly vlanAware?: boolean;
}

/** Status as `pvesubscription get` has it. */
export type SubscriptionStatus = 'new' | 'notfound' | 'active' | 'invalid' | 'expired' | 'suspended';

const KERNELS = ['6.14.11-4-pve', '6.17.2-1-pve'];

/** How a node is beside its load; tests and the demo change it at will. */
export class NodeCondition {
  /** Installed, the oldest first. */
  kernels: readonly string[] = KERNELS;
  runningKernel = KERNELS.at(-1) ?? '';
  pending: readonly PendingPackage[] = [];
  subscription: SubscriptionStatus = 'notfound';
  readonly failedServices = new Set<string>();
  links: readonly LinkSpec[];
  readonly linksDown = new Set<string>();
  /** For wake-on-LAN; undefined: nobody has configured it. */
  mac: string | undefined = 'bc:24:11:00:00:01';

  /** @param ip of the node itself, on its first bridge */
  constructor(ip: string) {
    this.links = [
      { iface: 'eno1', type: 'eth' },
      { iface: 'eno2', type: 'eth' },
      { iface: 'eno3', type: 'eth' },
      { iface: 'vmbr0', type: 'bridge', autostart: true, cidr: `${ip}/24`, ports: 'eno1' },
      { iface: 'vmbr1', type: 'bridge', autostart: true, ports: 'eno2', vlanAware: true },
    ];
    this.linksDown.add('eno3');
  }

  /** The newest kernel runs from now on. */
  booted(): void {
    this.runningKernel = this.kernels.at(-1) ?? this.runningKernel;
  }
}

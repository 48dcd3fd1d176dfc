import { NodeCondition } from './condition.ts';
import { NodeHardware } from './hardware.ts';
import type { NodeSpec } from './spec.ts';
import type { CertificateFiles } from './views/certificates.ts';

/** One machine of the cluster. */
export class SimNode {
  spec: NodeSpec;
  /** Begins with 1; in a cluster of one node the API says 0. */
  readonly number: number;
  readonly condition: NodeCondition;
  readonly hardware: NodeHardware;
  online = true;
  /** Milliseconds since 1970. */
  bootedAt: number;
  /** How long a machine takes from being asked until it is off. */
  haltMs = 20_000;
  /** How long until it answers again. */
  bootMs = 90_000;
  /** Its pvestatd hangs: it runs, but tells the cluster nothing. */
  silent = false;
  /** Of the certificate that its server shows. */
  fingerprint: string | undefined;
  certificates: CertificateFiles | undefined;
  /** Undoes what waits for its halt or boot. */
  cancelPower: () => void = () => {};

  constructor(spec: NodeSpec, number: number, now: number) {
    this.spec = spec;
    this.number = number;
    this.condition = new NodeCondition(spec.ip);
    this.hardware = new NodeHardware(spec.hardware ?? 'none', spec.node);
    this.bootedAt = now - spec.upMs;
  }

  get name(): string {
    return this.spec.node;
  }

  /** Whole seconds, 0 while it is off. */
  uptime(now: number): number {
    return this.online ? Math.floor((now - this.bootedAt) / 1_000) : 0;
  }
}

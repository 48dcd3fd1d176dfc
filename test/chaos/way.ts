import type { Fault } from './fault.ts';

/** The way from Labkeeper to one system, on which things can go wrong. */
export interface Way {
  /** `<source>/<id>`. */
  readonly system: string;
  /** Of this machine, where Labkeeper believes the system to be. */
  readonly port: number;
  /** Connections that stand. */
  readonly open: number;
  /** What reached the system and may change it, as `POST /path`, in order. */
  readonly writes: readonly string[];
  /** Whether the system can have that fault at all. */
  can(fault: Fault): boolean;
  /** From now on until `heal`. What stands is cut, as far as the fault would. */
  begin(fault: Fault): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

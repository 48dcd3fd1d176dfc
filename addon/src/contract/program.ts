/** A container that cards were given to. */
export interface CardContainer {
  readonly id: string;
  /** It sees the processes of its machine: what it is not told of, there is not. */
  readonly seesAll: boolean;
}

/** A program that runs in a container. */
export interface Program {
  /** All lines that it writes, untrusted; one that was cut off is left out. Ends with the program. */
  readonly lines: AsyncIterable<string>;
  /** Has it end. */
  close(): void;
  /** Whether it runs on, after all: what hangs in the driver cannot be ended. */
  isRunning(signal: AbortSignal): Promise<boolean>;
}

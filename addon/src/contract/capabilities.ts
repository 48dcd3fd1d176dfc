/** Takes how the system calls what it is doing for us, as soon as that is known. */
export type Note = (note: { readonly vendorRef: string }) => void;

/**
 * What a session can do to its resources, for whoever needs it done: actions ask for a capability, never for a source.
 * Each call resolves when the system has done it (not when it has taken the order) and is never repeated by itself.
 */
export interface Capabilities {
  readonly power: {
    start(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    /** Ends it gracefully. */
    stop(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    restart(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
  };
  /** What a management controller does to the machine that it looks after. */
  readonly server: {
    switchOn(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Has the system on it end by itself. */
    shutDown(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Takes the power away at once. */
    forceOff(resourceId: string, signal: AbortSignal): Promise<void>;
    /** The light that shows a person in front of the rack which machine it is. */
    identify(resourceId: string, light: boolean, signal: AbortSignal): Promise<void>;
  };
  /** Of Labkeeper's own, for every resource: its device in Home Assistant. */
  readonly publication: {
    /** Whether a user deleted it in Home Assistant, so that it is not published. */
    isDeleted(resourceId: string): boolean;
    /** Publishes the device again that a user deleted; of one that nobody deleted nothing changes. */
    bringBack(resourceId: string): void;
  };
}

export type Capability = keyof Capabilities;

/** Finds who can do something to a resource. */
export interface CapabilityFinder {
  /** undefined: the system behind the resource offers no such thing. */
  for<C extends Capability>(resourceId: string, capability: C): Capabilities[C] | undefined;
}

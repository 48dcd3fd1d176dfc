import type { Announcing } from './announcing.ts';
import type { LabView } from './lab-view.ts';
import type { NetworkSeen, NetworkWish, PortSeen } from './network.ts';
import type { CardContainer, Program } from './program.ts';
import type { Task } from './provision.ts';
import type { Speech, VoiceSample } from './speech.ts';
import type { TakeSnapshot, UpdateChoice, UpdateNote, UpdatePlan } from './update.ts';

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
  /** What else is done to a virtual machine or container. */
  readonly guest: {
    /** Has it stand still with its memory kept. */
    suspend(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    resume(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    /** Keeps its memory on disk and ends it; starting it has it go on where it was. */
    hibernate(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    /** Cuts it off, as if its power were gone. */
    forceStop(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    /** Presses its reset button. */
    reset(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
  };
  /** What else is done to an application container. */
  readonly container: {
    /** Has it stand still with its memory kept. */
    pause(resourceId: string, signal: AbortSignal): Promise<void>;
    resume(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Ends it at once. */
    kill(resourceId: string, signal: AbortSignal): Promise<void>;
  };
  /** What something writes about itself. */
  readonly logs: {
    /**
     * The end of it, for people: text without terminal codes, hostile as it is. May hold secrets: whoever shows it
     * takes out those that are known.
     *
     * @param lines at most; what is longer than 64 KiB is cut at its beginning
     */
    tail(resourceId: string, lines: number, signal: AbortSignal): Promise<LogTail>;
  };
  /** Puts a newer version in the place of what runs, with a way back. */
  readonly update: {
    /**
     * What would be done, in its order, and what a person should know first. Asks nobody.
     *
     * @throws LabError why it cannot be done
     */
    plan(resourceId: string, choice: UpdateChoice): UpdatePlan;
    /**
     * @param takeSnapshot for the protection `vm_snapshot`; called once at most, when what is updated stands still
     * @throws LabError why not, and what runs now
     */
    run(
      resourceId: string,
      choice: UpdateChoice,
      signal: AbortSignal,
      note: UpdateNote,
      takeSnapshot?: TakeSnapshot,
    ): Promise<void>;
    /** Whether an update that was cut off has happened; undefined: not decided yet. */
    became(resourceId: string): boolean | undefined;
  };
  /**
   * Has programs run within containers, for another source that needs what only they tell. No door leads here: which
   * program it is stands in the code.
   */
  readonly exec: {
    /**
     * Running containers that NVIDIA cards were given to, those with all of them first.
     *
     * @param of a container's id, or the owner of many, as in `docker/ai`
     */
    withCards(of: string): readonly CardContainer[];
    /** Starts a program. It is ended with what this returns, when the connection breaks, and when `signal` is aborted. */
    open(containerId: string, command: readonly string[], signal: AbortSignal): Promise<Program>;
    /** Names of a container's processes by their ids, as its machine has them. */
    processes(containerId: string, signal: AbortSignal): Promise<ReadonlyMap<number, string>>;
  };
  /** Has a program run in a virtual machine by its guest agent. No door leads here either. */
  readonly agent: {
    /**
     * Resolves when it has ended, with all that it wrote: untrusted.
     *
     * @throws LabError `privilege_missing`; `target_busy`: the one before has not ended
     */
    run(guestId: string, command: readonly string[], signal: AbortSignal): Promise<string>;
  };
  /** Keeps what something holds now, beside it, so that it can go back to that. */
  readonly snapshot: {
    /**
     * @param about why and by whom, for people
     * @returns the name that the snapshot got
     */
    take(resourceId: string, about: string, signal: AbortSignal, note?: Note): Promise<string>;
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
  /** What is done to what makes a network. An item is the key of a port, as in `port_5`. */
  readonly network: {
    /** Resolves when it is back. */
    restart(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Takes the power from a port for a moment. */
    cyclePort(resourceId: string, item: string, signal: AbortSignal): Promise<void>;
    setPoe(resourceId: string, item: string, on: boolean, signal: AbortSignal): Promise<void>;
    /** Switches a port off, or on again exactly as it was. @param seen as it was when that was planned */
    setPort(
      resourceId: string,
      item: string,
      on: boolean,
      signal: AbortSignal,
      seen?: PortSeen,
    ): Promise<void>;
    /**
     * @param profile its name in the controller: it says which VLANs the port is in
     * @param seen as the port was when that was planned
     */
    setProfile(
      resourceId: string,
      item: string,
      profile: string,
      signal: AbortSignal,
      seen?: PortSeen,
    ): Promise<void>;
    /**
     * Puts a port into one network alone.
     *
     * @param vlan of that network; 1: the one without
     * @param seen as the port was when that was planned
     */
    setVlan(
      resourceId: string,
      item: string,
      vlan: number,
      signal: AbortSignal,
      seen?: PortSeen,
    ): Promise<void>;
    /** @param resourceId of the site */
    createNetwork(resourceId: string, wish: NetworkWish, signal: AbortSignal): Promise<void>;
    /** @param seen as it was when that was planned */
    deleteNetwork(resourceId: string, signal: AbortSignal, seen?: NetworkSeen): Promise<void>;
    setWlan(resourceId: string, on: boolean, signal: AbortSignal): Promise<void>;
  };
  /** Knows whom it hears in a network. No door leads here. */
  readonly neighbours: {
    /**
     * The address of whatever bears one of these MACs, as the network has it now; of several cards, the first that has one.
     *
     * @param resourceId of the site
     * @returns an IP address; null: it hears none of them, or does not know where
     */
    addressOf(resourceId: string, macs: readonly string[], signal: AbortSignal): Promise<string | null>;
  };
  /** What is done to something on the bench. An item is the key of an output, as in `ch1`. */
  readonly instrument: {
    /** Resolves when the instrument says that it is so. Nothing is switched on beyond what a person stated as its most. */
    setOutput(resourceId: string, item: string, on: boolean, signal: AbortSignal): Promise<void>;
    /** Volts and amperes, one of them or both, within what a person stated. */
    setLevel(resourceId: string, item: string, level: OutputLevel, signal: AbortSignal): Promise<void>;
    /**
     * Asks what a person typed.
     *
     * @returns the answer for people, hostile as it is; of binary data only how much it was
     */
    query(resourceId: string, query: string, signal: AbortSignal): Promise<string>;
  };
  /** What is done to the alerts of something that watches the lab. */
  readonly alerts: {
    /**
     * Has it know that somebody saw them.
     *
     * @param alert id of one, as the monitor knows it; left out: all that are active and that nobody acknowledged
     * @returns how many were acknowledged; what ended meanwhile is none
     */
    acknowledge(resourceId: string, alert: string | undefined, signal: AbortSignal): Promise<number>;
  };
  /** Speaks texts. Of a speech server, whichever of its resources is named. */
  readonly speech: Speech;
  /** What is done to a node as a whole, and to all of its guests. */
  readonly node: {
    /** The guests that are on it now. */
    guests(resourceId: string): readonly NodeGuest[];
    /**
     * Starts guests that do not run, one after another in the order that they are set to.
     *
     * @param guests ids of those that shall run; left out: all that start with the node
     */
    startAll(resourceId: string, signal: AbortSignal, note?: Note, guests?: readonly string[]): Promise<void>;
    /** Ends all of its guests gracefully; who has not ended after three minutes is cut off. */
    stopAll(resourceId: string, signal: AbortSignal, note?: Note): Promise<void>;
    /** Resolves when it is back. */
    reboot(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Resolves when it does not answer any more. */
    shutDown(resourceId: string, signal: AbortSignal): Promise<void>;
    /** Has another node of its cluster wake it over the network; resolves when it is back. */
    wake(resourceId: string, signal: AbortSignal): Promise<void>;
    /**
     * Moves a guest to another node without ending it for longer than that takes.
     *
     * @param guestId of a guest that runs
     * @returns false: it cannot be moved, and nothing was done
     */
    moveAway(guestId: string, signal: AbortSignal, note?: Note): Promise<boolean>;
  };
  /** Makes, changes and takes away what the system is made of. */
  readonly provision: {
    /**
     * @param action its id
     * @returns undefined: the system offers no such thing
     */
    task(action: string): Task | undefined;
  };
  /** Of Labkeeper's own. */
  readonly lab: LabView;
  /** Of Labkeeper's own: has Home Assistant say something. Not there without a way to Home Assistant. */
  readonly announcing: Announcing;
  /** Of Labkeeper's own: what a person put into its folder of configuration. */
  readonly samples: {
    /**
     * A file of its folder `voices`.
     *
     * @param name without a path
     * @throws LabError `input_invalid` where there is none, or none that can be used
     */
    read(name: string): Promise<Pick<VoiceSample, 'type' | 'data'>>;
  };
  /** Of Labkeeper's own: what is under way. */
  readonly jobs: {
    /**
     * Has a job end before its next step.
     *
     * @throws LabError `job_unknown`, `job_over`, `too_late`
     */
    cancel(jobId: string): void;
  };
  /** Of Labkeeper's own, for every resource: its device in Home Assistant. */
  readonly publication: {
    /** Whether a user deleted it in Home Assistant, so that it is not published. */
    isDeleted(resourceId: string): boolean;
    /** Publishes the device again that a user deleted; of one that nobody deleted nothing changes. */
    bringBack(resourceId: string): void;
  };
}

/** What an output is set to: volts, and amperes at most. */
export interface OutputLevel {
  readonly voltage?: number;
  readonly current?: number;
}

/** The end of a log. */
export interface LogTail {
  readonly text: string;
  /** There was more in these lines than may be shown. */
  readonly isCut: boolean;
}

/** A guest, as the node that it is on knows it. */
export interface NodeGuest {
  readonly id: string;
  readonly name: string;
  readonly isRunning: boolean;
  /** High availability looks after it, and has its own mind on where and whether it runs. */
  readonly isManaged: boolean;
}

export type Capability = keyof Capabilities;

/** Finds who can do something to a resource. */
export interface CapabilityFinder {
  /** undefined: the system behind the resource offers no such thing. */
  for<C extends Capability>(resourceId: string, capability: C): Capabilities[C] | undefined;
}

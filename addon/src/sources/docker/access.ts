import type { Finding } from '../../contract/finding.ts';
import { LabError } from '../../core/errors.ts';
import { statusOf } from './explain.ts';

/** What an engine, or what stands before it, may refuse while it lets the rest pass. */
export const RIGHTS = [
  ...(['info', 'version', 'events', 'stats', 'disk', 'images'] as const),
  ...(['start', 'stop', 'restart', 'pause', 'kill'] as const),
] as const;

export type Right = (typeof RIGHTS)[number];

/** What changes something. */
const CONTROLS = ['start', 'stop', 'restart', 'pause', 'kill'] as const satisfies readonly Right[];

export type Control = (typeof CONTROLS)[number];

/** Which calls were refused, as was found out when they were last tried. */
export type Refused = ReadonlySet<Right>;

/** Whether a call was refused as such: who asked is known, and may ask other things. */
export function isRefusal(thrown: unknown): boolean {
  const status = thrown instanceof LabError ? statusOf(thrown.cause) : undefined;
  // 405 is what a proxy says that lets no such method pass.
  return status === 403 || status === 405;
}

/**
 * Finds out which controls are refused. Nothing is changed for that: what is asked for cannot be there.
 *
 * @param engine whether it lets a verb pass at a container that there is not
 */
export async function controlsAt(
  engine: { lets(verb: string, signal: AbortSignal): Promise<boolean> },
  signal: AbortSignal,
): Promise<readonly (readonly [control: Control, isRefused: boolean])[]> {
  const isOpen = await engine.lets('labkeeper', signal);
  return Promise.all(
    CONTROLS.map(async (control) => [control, !(isOpen || (await engine.lets(control, signal)))] as const),
  );
}

interface Meaning {
  readonly call: string;
  readonly lacks: string;
  /** What lets it pass at tecnativa/docker-socket-proxy and its kin, then at wollomatic/socket-proxy. */
  readonly flags: string;
  readonly pattern: string;
}

const MEANINGS: Readonly<Record<Exclude<Right, Control>, Meaning>> = {
  info: {
    call: 'GET /info',
    lacks:
      'The host has no version, memory and CPU use, cannot be found on its guest by name, and is known by its address ' +
      'only: a second way to the same engine is not noticed.',
    flags: 'INFO=1',
    pattern: '/info',
  },
  version: {
    call: 'GET /version',
    lacks: 'The version of the API is not shown.',
    flags: 'VERSION=1',
    pattern: '/version',
  },
  events: {
    call: 'GET /events',
    lacks: 'Changes are seen within half a minute, not at once, and nothing is told as an event.',
    flags: 'EVENTS=1',
    pattern: '/events',
  },
  stats: {
    call: 'GET /containers/{id}/stats',
    lacks: 'CPU, memory and rates of containers are not shown.',
    flags: 'CONTAINERS=1',
    pattern: '/containers/[^/]+/stats',
  },
  disk: {
    call: 'GET /system/df',
    lacks: 'What images, containers and volumes take of the disk is not shown.',
    flags: 'SYSTEM=1',
    pattern: '/system/df',
  },
  images: {
    call: 'GET /images/{name}/json',
    lacks: 'Whether there is a newer image is not known.',
    flags: 'IMAGES=1',
    pattern: '/images/.+/json',
  },
};

const FLAGS: Readonly<Record<Control, string>> = {
  start: 'ALLOW_START=1',
  stop: 'ALLOW_STOP=1',
  restart: 'ALLOW_RESTARTS=1',
  pause: 'POST=1',
  kill: 'ALLOW_RESTARTS=1',
};

/** What a person should know of what is refused: each call that only reads, and all that change something as one. */
export function refusals(refused: Refused, about: string): readonly Finding[] {
  const findings: Finding[] = RIGHTS.flatMap((right) => {
    if (!refused.has(right) || isControl(right)) return [];
    const { call, lacks, flags, pattern } = MEANINGS[right];
    return {
      key: `refused-${right}`,
      severity: right === 'version' ? ('info' as const) : ('warning' as const),
      about,
      title: `${call} is refused`,
      message: `What stands before the engine lets ${call} not pass. ${lacks}`,
      remedy: `If it shall: ${flags} at the socket proxy, or ${pattern} in what it allows for GET.`,
    };
  });
  const controls = CONTROLS.filter((control) => refused.has(control));
  if (controls.length === 0) return findings;
  const flags = [...new Set(controls.map((control) => FLAGS[control]))].join(', ');
  return [
    ...findings,
    {
      key: 'refused-controls',
      severity: 'info',
      about,
      title:
        controls.length === CONTROLS.length ? 'Containers can only be watched' : 'Some controls are refused',
      message: `What stands before the engine lets these not pass: ${controls.join(', ')}. They are not offered.`,
      remedy:
        `If they shall: ${flags} at the socket proxy (older ones want POST=1 beside them, which with CONTAINERS=1 also ` +
        `lets containers be created), or /containers/[^/]+/(${controls.join('|')}) in what it allows for POST.`,
    },
  ];
}

function isControl(right: Right): right is Control {
  return (CONTROLS as readonly Right[]).includes(right);
}

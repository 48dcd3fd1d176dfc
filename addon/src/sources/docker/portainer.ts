import { LabError } from '../../core/errors.ts';

/** One of `GET /api/endpoints`. */
export interface PortainerEnvironment {
  readonly Id: number;
  readonly Name: string;
  /** 1: Docker, 2: by an agent, 4: by an edge agent; others are Kubernetes and Azure. */
  readonly Type: number;
  /** Where Portainer reaches the engine: `unix:///var/run/docker.sock`, `tcp://host:2375`. */
  readonly URL?: string;
}

/** One of `GET /api/stacks`. */
export interface PortainerStack {
  readonly Id: number;
  readonly Name: string;
  /** 1: Swarm, 2: Compose, 3: Kubernetes. */
  readonly Type: number;
  readonly EndpointId: number;
  /** Variables for its file. */
  readonly Env?: readonly object[] | null;
  /** Seconds since 1970 when it was last changed from there; 0: never. */
  readonly UpdateDate?: number;
  /** Of a stack whose file is in a repository. */
  readonly GitConfig?: {
    readonly URL?: string;
    readonly ReferenceName?: string;
    readonly Authentication?: { readonly Username?: string; readonly GitCredentialID?: number } | null;
  } | null;
}

/**
 * Where Portainer shows the stacks of an environment, with the file that each is made from; by name.
 *
 * @param address Portainer's own
 */
export function stackPages(
  stacks: readonly PortainerStack[],
  environment: number,
  address: string,
): ReadonlyMap<string, string> {
  const base = address.replace(/\/+$/, '');
  return new Map(
    stacks
      .filter(({ EndpointId, Type }) => EndpointId === environment && Type !== 3)
      .map(({ Id, Name, Type }) => {
        const query = new URLSearchParams({
          id: String(Id),
          type: String(Type),
          regular: 'true',
          orphaned: 'false',
        });
        return [Name, `${base}/#!/${environment}/docker/stacks/${encodeURIComponent(Name)}?${query}`];
      }),
  );
}

const DOCKER_TYPES = [1, 2, 4];

/**
 * Which environment is meant.
 *
 * @param wanted its name or number; undefined: the only one
 * @throws LabError `options_invalid` where there is no such, or none that stands alone
 */
export function environmentOf(
  environments: readonly PortainerEnvironment[],
  wanted: string | undefined,
  name: string,
): PortainerEnvironment {
  const all = environments.filter(({ Type }) => DOCKER_TYPES.includes(Type));
  const fitting =
    wanted === undefined
      ? all
      : (only(all.filter(({ Name }) => Name === wanted)) ?? all.filter(({ Id }) => String(Id) === wanted));
  const [one, other] = fitting;
  if (one !== undefined && other === undefined) return one;
  const names = all.map(({ Id, Name }) => `${Name} (${Id})`).join(', ') || 'none with Docker';
  const what =
    wanted === undefined ? 'which environment is meant is not said' : `it has no environment “${wanted}”`;
  throw new LabError('options_invalid', `${name}: Portainer answers, but ${what}`, {
    hint: `set environment to one of: ${names}`,
  });
}

/** undefined: there is not exactly one. */
function only<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 1 ? items : undefined;
}

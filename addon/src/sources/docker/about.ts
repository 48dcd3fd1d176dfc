import type { Facts } from '../../model/resource.ts';
import { linksOf } from './ports.ts';
import type { ContainerInspect, Mount } from './wire.ts';

const GIB = 1024 ** 3;
/** Of networks, mounts and labels each: more would be a list to scroll, not to read. */
const MOST = 50;
/** Characters of one of them. */
const LONGEST = 200;
const CPU_PERIOD = 100_000;

/** What describes a container and hardly changes. */
export function containerFacts(inspect: ContainerInspect, address: string | undefined): Facts {
  const { Id, Config, HostConfig, NetworkSettings, Mounts } = inspect;
  const ports = linksOf(NetworkSettings?.Ports ?? {}, address);
  const labels = Config.Labels ?? {};
  const version = labels['org.opencontainers.image.version'];
  const policy = HostConfig.RestartPolicy?.Name;
  return {
    manufacturer: 'Docker',
    model: Config.Image,
    ...(version && { version }),
    ...(ports[0] !== undefined && { url: ports[0] }),
    ...list('ports', ports),
    container_id: Id.slice(0, 12),
    ...(policy && { restart_policy: policy }),
    ...list('networks', networksOf(NetworkSettings?.Networks ?? {})),
    ...list('mounts', (Mounts ?? []).map(mountText)),
    ...list('labels', ownLabels(labels)),
  };
}

/** What its owner allows it, where that is less than everything. */
export function limitsOf({ HostConfig }: Pick<ContainerInspect, 'HostConfig'>): {
  readonly memory_limit?: number;
  readonly cpu_limit?: number;
} {
  const { Memory = 0, NanoCpus = 0, CpuQuota = 0, CpuPeriod = 0 } = HostConfig;
  const cores = NanoCpus > 0 ? NanoCpus / 1e9 : CpuQuota / (CpuPeriod || CPU_PERIOD);
  return {
    ...(Memory > 0 && { memory_limit: Memory / GIB }),
    ...(cores > 0 && { cpu_limit: cores * 100 }),
  };
}

/** As `docker images` shows it. */
export function shortDigest(id: string | undefined): string | null {
  return /^(?:sha256:)?([0-9a-f]{12})/.exec(id ?? '')?.[1] ?? null;
}

function networksOf(networks: Readonly<Record<string, { readonly IPAddress?: string } | null>>): string[] {
  return Object.entries(networks)
    .map(([name, endpoint]) => (endpoint?.IPAddress ? `${name} ${endpoint.IPAddress}` : name))
    .sort();
}

function mountText({ Type, Name, Source, Destination, RW }: Mount): string {
  const from = Type === 'volume' ? (Name ?? 'volume') : Source || Type;
  return `${from} → ${Destination}${RW === false ? ' (read only)' : ''}`;
}

/** Proxies and dashboards are configured by labels, with passwords in them. */
const SECRET = /pass|pwd|secret|token|auth|credential|cert|users|(^|[._-]|api)key([._-]|$)/i;

/** Without what Compose writes for itself: a hash of its file, paths. */
function ownLabels(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .filter(([name]) => !name.startsWith('com.docker.compose.'))
    .map(labelText)
    .sort();
}

function labelText([name, value]: [string, string]): string {
  return `${name}=${SECRET.test(name) || /:\/\/[^/\s]*@/.test(value) ? '***' : value}`;
}

/** Names and values are anybody's: what is not for reading is taken out, and only so much is kept. */
function list(name: string, texts: readonly string[]): Facts {
  if (texts.length === 0) return {};
  return { [name]: texts.slice(0, MOST).map(clean) };
}

const clean = (text: string): string => [...text.replaceAll(/\p{C}/gu, '')].slice(0, LONGEST).join('');

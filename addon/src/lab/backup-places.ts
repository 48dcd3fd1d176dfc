import type { LabResource, LabResourceOf } from '../kinds/index.ts';

type Datastore = LabResourceOf<'datastore'>;
type Storage = LabResourceOf<'storage'>;

/** Where on a backup server a hypervisor's storage is. */
export interface BackupPlace {
  readonly datastore: Datastore;
  /** Empty: the one without a name. */
  readonly namespace: string;
}

const PORT = '8007';

/**
 * Which datastores of which backup servers storages of hypervisors stand for, by the storage's id: where the storage's
 * settings name the server, by the fingerprint of its certificate or else by the address at which Labkeeper knows it.
 * Two servers that fit equally well are none.
 */
export function backupPlacesOf(lab: Iterable<LabResource>): ReadonlyMap<string, BackupPlace> {
  const all = [...lab];
  const datastores = all.filter((one): one is Datastore => one.kind === 'datastore');
  const servers = new Map(all.flatMap((one) => (one.kind === 'backupserver' ? [[one.id, one]] : [])));
  const storages = datastores.length === 0 ? [] : all.filter((one): one is Storage => one.kind === 'storage');
  const found = new Map<string, BackupPlace>();
  for (const { id, facts } of storages) {
    if (facts.datastore === undefined) continue;
    const fitting = datastores.filter((datastore) => {
      const server = servers.get(datastore.parent ?? '');
      return datastore.name === facts.datastore && server !== undefined && isServer(facts, server.facts);
    });
    const [datastore] = fitting;
    if (datastore !== undefined && fitting.length === 1)
      found.set(id, { datastore, namespace: String(facts.namespace ?? '') });
  }
  return found;
}

/** Whether a storage is set up for this server. */
function isServer(storage: Storage['facts'], server: LabResource['facts']): boolean {
  const [one, other] = [digitsOf(storage.fingerprint), digitsOf(server.fingerprint)];
  if (one !== '' && other !== '') return one === other;
  return storage.server !== undefined && addressOf(String(storage.server)) === addressIn(String(server.url));
}

const digitsOf = (fingerprint: unknown): string =>
  String(fingerprint ?? '')
    .replaceAll(/[^0-9a-f]/gi, '')
    .toLowerCase();

function addressIn(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname.toLowerCase()}:${port || '443'}`;
}

/** Host and port; an IPv6 address may stand without brackets. */
function addressOf(server: string): string {
  const plain = server.toLowerCase();
  if (/^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/.test(plain)) return `[${plain}]:${PORT}`;
  return /:\d+$/.test(plain) ? plain : `${plain}:${PORT}`;
}

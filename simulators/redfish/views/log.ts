import type { Machine, SimLogEntry } from '../machine.ts';
import { collection, link, type Resource } from '../resource.ts';

/** The hardware's log, newest first, and the controller's own of everything, with every login. */
export function logResources(machine: Machine, manager: string): readonly Resource[] {
  const at = `${manager}/LogServices`;
  const login = entryOf(
    {
      ...{ id: 1_735, created: '2026-01-01T00:00:00-06:00', severity: 'OK', messageId: 'USR0030' },
      message: 'Successfully logged in using labkeeper, from 10.0.0.2 and REDFISH.',
    },
    `${at}/Lclog/Entries`,
  );
  return [
    collection(at, 'LogServiceCollection', [`${at}/Lclog`, `${at}/Sel`]),
    service(`${at}/Lclog`, 'Lclog', 'LC Log Service', 'Multiple'),
    service(`${at}/Sel`, 'Sel', 'SEL Log Service', 'SEL'),
    {
      '@odata.id': `${at}/Lclog/Entries`,
      '@odata.type': '#LogEntryCollection.LogEntryCollection',
      Name: 'Log Entry Collection',
      Members: [login],
      'Members@odata.count': 1,
    },
    login,
    ...machine.log.map((entry) => entryOf(entry, `${at}/Sel/Entries`)),
  ];
}

const service = (path: string, id: string, name: string, type: string): Resource => ({
  '@odata.id': path,
  '@odata.type': '#LogService.v1_4_0.LogService',
  ...{ Id: id, Name: name, LogEntryType: type, MaxNumberOfRecords: 1_024, ServiceEnabled: true },
  Entries: link(`${path}/Entries`),
});

/** A page of the hardware's log: its members are whole, whatever was asked for. */
export function logPage(machine: Machine, path: string, skip: number): Resource {
  const { pageSize = 50 } = machine.spec;
  const all = machine.log.toReversed();
  const next =
    skip + pageSize < all.length ? { 'Members@odata.nextLink': `${path}?$skip=${skip + pageSize}` } : {};
  return {
    '@odata.id': path,
    '@odata.type': '#LogEntryCollection.LogEntryCollection',
    Name: 'Log Entry Collection',
    Members: all.slice(skip, skip + pageSize).map((entry) => entryOf(entry, path)),
    'Members@odata.count': all.length,
    ...next,
  };
}

const entryOf = (entry: SimLogEntry, at: string): Resource => ({
  '@odata.id': `${at}/${entry.id}`,
  '@odata.type': '#LogEntry.v1_15_0.LogEntry',
  ...{ Id: String(entry.id), Name: `Log Entry ${entry.id}`, Created: entry.created, EntryType: 'SEL' },
  ...{ Message: entry.message, MessageId: entry.messageId, Severity: entry.severity },
});

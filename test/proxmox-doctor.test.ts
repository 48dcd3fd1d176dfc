import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { diagnose, lacksOf, type Patient } from '../addon/src/sources/proxmox/doctor/doctor.ts';
import {
  FEATURES,
  neededFor,
  privilegesOf,
  type Role,
  roleLine,
} from '../addon/src/sources/proxmox/doctor/features.ts';

const SCHEMA = path.resolve(import.meta.dirname, '../../shared/reference/pve-api-9.1.json');

const all = (privileges: readonly string[]): Record<string, 1> =>
  Object.fromEntries(privileges.map((privilege) => [privilege, 1]));

const patient = (change: Partial<Patient> = {}): Patient => ({
  owner: 'proxmox/home',
  permissions: { '/': all(privilegesOf('operate', 9)) },
  account: 'labkeeper@pve!homeassistant',
  guests: [100, 101],
  nodes: ['pve1'],
  storages: ['local', 'backup'],
  backupStorages: ['backup'],
  version: 9,
  ...change,
});

const keys = (change: Partial<Patient>): readonly string[] =>
  lacksOf(patient(change)).map(({ feature, paths }) => `${feature.key} ${paths.join()}`);

describe('the doctor of permissions', () => {
  it('has nothing to say of who has the role for operating, in 8 and in 9', () => {
    for (const version of [8, 9]) {
      const permissions = { '/': all(privilegesOf('operate', version)) };
      assert.deepEqual(diagnose(patient({ permissions, version })), []);
    }
  });

  it('takes who was given the role for observing for somebody who looks on, and tells what else there is', () => {
    const [finding, ...others] = diagnose(patient({ permissions: { '/': all(privilegesOf('observe', 9)) } }));
    assert.deepEqual(others, []);
    assert.equal(finding?.key, 'rights/operate');
    assert.equal(finding?.severity, 'info');
    assert.match(finding?.message ?? '', /VM\.PowerMgmt at \/vms\)/);
    assert.deepEqual(finding?.commands, [
      roleLine('operate', 9),
      'pveum acl modify / --users labkeeper@pve --roles LabkeeperOperate',
      "pveum acl modify / --tokens 'labkeeper@pve!homeassistant' --roles LabkeeperOperate",
    ]);
  });

  it('names the privilege and the path that is missing', () => {
    const { 'VM.GuestAgent.Audit': _, ...rest } = all(privilegesOf('operate', 9));
    assert.deepEqual(keys({ permissions: { '/': rest } }), ['agent /vms']);
    const own = {
      '/': all(privilegesOf('operate', 9)),
      '/vms/101': all(['VM.Audit', 'VM.GuestAgent.Audit']),
    };
    assert.deepEqual(keys({ permissions: own }), [
      'power /vms/101',
      'snapshot /vms/101',
      'backup /vms/101',
      'migrate /vms/101',
    ]);
  });

  it('warns where something is half told, such as which backups there are', () => {
    const { 'Datastore.AllocateSpace': _, ...rest } = all(privilegesOf('operate', 9));
    const [finding] = diagnose(patient({ permissions: { '/': rest } }));
    assert.equal(finding?.severity, 'warning');
    assert.match(finding?.message ?? '', /see all that are there \(Datastore\.AllocateSpace at \/storage\)/);
    assert.match(finding?.commands?.[1] ?? '', /^pveum acl modify \/storage --users/);
  });

  it('misses nothing of the rest where single guests were given', () => {
    const permissions = { '/vms/101': all(['VM.Audit', 'VM.GuestAgent.Audit', 'VM.PowerMgmt']) };
    assert.deepEqual(keys({ permissions, guests: [101], nodes: ['pve1'] }), [
      'snapshot /vms/101',
      'backup /vms/101',
      'migrate /vms/101',
    ]);
    const [finding, ...others] = diagnose(patient({ permissions, guests: [101] }));
    assert.deepEqual(others, []);
    assert.deepEqual(finding?.commands?.slice(1, 2), [
      'pveum acl modify /vms/101 --users labkeeper@pve --roles LabkeeperOperate',
    ]);
  });

  it('says nothing while nobody knows, and quotes what goes into a shell', () => {
    assert.deepEqual(diagnose(patient({ permissions: undefined })), []);
    const account = "o'neil; rm -rf ~@pve";
    const [finding] = diagnose(patient({ permissions: { '/': { 'VM.Audit': 1 } }, account }));
    assert.equal(
      finding?.commands?.[1],
      "pveum acl modify / --users 'o'\\''neil; rm -rf ~@pve' --roles LabkeeperObserve",
    );
  });
});

describe('the roles', () => {
  it('hold what the one before holds', () => {
    for (const version of [8, 9]) {
      const [observe, operate, provision] = (['observe', 'operate', 'provision'] as const).map((role) =>
        privilegesOf(role, version),
      );
      assert.ok(observe?.every((privilege) => operate?.includes(privilege)));
      assert.ok(operate?.every((privilege) => provision?.includes(privilege)));
    }
  });

  it('name no privilege that the version does not have', () => {
    const only9 = /^VM\.GuestAgent\.|^VM\.Replicate$|^Sys\.AccessNetwork$/;
    for (const role of ['observe', 'operate', 'provision'] as const) {
      assert.ok(!privilegesOf(role, 9).includes('VM.Monitor'));
      assert.deepEqual(
        privilegesOf(role, 8).filter(
          (privilege) => only9.test(privilege) && privilege !== 'Sys.AccessNetwork',
        ),
        [],
      );
    }
  });

  it('are in DOCS.md as they are here', () => {
    const docs = readFileSync(new URL('../DOCS.md', import.meta.url), 'utf8');
    for (const version of [8, 9])
      for (const role of ['observe', 'operate', 'provision'] satisfies Role[])
        assert.ok(docs.includes(`\n${roleLine(role, version)}\n`), roleLine(role, version));
  });

  it('ask for what the API demands', { skip: existsSync(SCHEMA) ? false : 'no schema here' }, () => {
    const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<
      string,
      Record<string, { permissions?: unknown }>
    >;
    for (const feature of FEATURES) {
      for (const api of feature.api) {
        const [method = '', where = ''] = api.split(' ');
        const said = JSON.stringify(schema[where]?.[method]?.permissions ?? null);
        const needed = neededFor(feature, 9);
        assert.ok(
          needed.some((privilege) => said.includes(`"${privilege}"`)),
          `${feature.key}: ${api} demands ${said}`,
        );
      }
    }
  });
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { diagnose, lacksOf, type Patient } from '../addon/src/sources/proxmox/doctor/doctor.ts';
import {
  FEATURES,
  neededFor,
  PROVISION,
  PROVISION_9,
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
    assert.match(finding?.commands?.[1] ?? '', /^pveum acl modify \/ --users/);
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

  it('gives a role where it counts: at the entry that stands in the way, else at /', () => {
    const { 'VM.Snapshot': _, ...rest } = all(privilegesOf('operate', 9));
    const operate = all(privilegesOf('operate', 9));
    const linesFor = (permissions: Patient['permissions']): readonly string[] =>
      diagnose(patient({ permissions, account: 'x@pve' }))[0]?.commands?.slice(1) ?? [];
    const at = (where: string): string => `pveum acl modify ${where} --users x@pve --roles LabkeeperOperate`;
    assert.deepEqual(linesFor({ '/': rest, '/vms': rest }), [at('/')], 'listed, and the same');
    assert.deepEqual(linesFor({ '/': operate, '/vms': rest }), [at('/vms')]);
    assert.deepEqual(linesFor({ '/': operate, '/vms': rest, '/vms/101': operate }), [at('/vms')]);
    const here = Object.fromEntries(Object.keys(operate).map((privilege) => [privilege, 0]));
    assert.deepEqual(linesFor({ '/': { ...operate, 'VM.Snapshot': 0 } }), [at('/')], 'not handed down');
    assert.ok(lacksOf(patient({ permissions: { '/': here } })).length > 0);
  });

  it('says which of user and token lacks it, where the user may be asked about', () => {
    const { 'VM.Snapshot': _, ...rest } = all(privilegesOf('operate', 9));
    const ofToken = { permissions: { '/': rest } };
    const [both] = diagnose(patient({ ...ofToken, userPermissions: { '/': rest } }));
    assert.match(both?.message ?? '', /Its user, labkeeper@pve, lacks rights for it as well/);
    assert.equal(both?.commands?.length, 3);
    const [token] = diagnose(patient({ ...ofToken, userPermissions: patient().permissions }));
    assert.match(token?.message ?? '', /Its user, labkeeper@pve, may/);
    assert.deepEqual(token?.commands?.slice(1), [
      "pveum acl modify / --tokens 'labkeeper@pve!homeassistant' --roles LabkeeperOperate",
    ]);
  });

  it('makes a role only where there is none, and adds what an older one lacks', () => {
    const permissions = { '/': { 'VM.Audit': 1 } };
    const first = (roles: Patient['roles']): string =>
      diagnose(patient({ permissions, roles }))[0]?.commands?.[0] ?? '';
    assert.equal(first(new Map()), roleLine('observe', 9));
    const held = privilegesOf('observe', 9);
    assert.match(first(new Map([['LabkeeperObserve', held]])), /^pveum acl modify/);
    assert.equal(
      first(new Map([['LabkeeperObserve', [...privilegesOf('observe', 8)]]])),
      'pveum role modify LabkeeperObserve --append --privs "VM.GuestAgent.Audit"',
      'as an upgrade to 9 leaves it',
    );
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
    for (const [privilege, apis] of Object.entries({ ...PROVISION, ...PROVISION_9 })) {
      for (const api of apis) {
        const [method = '', where = ''] = api.split(' ');
        const said = JSON.stringify(schema[where]?.[method]?.permissions ?? null);
        assert.ok(said.includes(`"${privilege}"`), `${privilege}: ${api} demands ${said}`);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { privilegesOf } from '../addon/src/sources/proxmox/doctor/features.ts';
import { type ProxmoxSimulator, seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

/** The source before a cluster, with a token that may do just this. */
async function withToken(
  acl: Readonly<Record<string, readonly string[]>>,
  test: (lab: Awaited<ReturnType<typeof proxmoxLab>>) => Promise<void>,
): Promise<void> {
  const id = 'labkeeper@pve!doctor';
  const secret = '6f1d1a52-0c11-4a6e-9c3c-0a6f3c1b2d4e';
  const options = ({ cluster }: ProxmoxSimulator): object => {
    cluster.access.addToken({ id, secret, acl });
    return { token_id: id, token_secret: secret };
  };
  const lab = await proxmoxLab(seededCluster, { options });
  try {
    await test(lab);
  } finally {
    await lab.close();
  }
}

describe('a token', () => {
  it('for one guest alone shows that guest, without an error and without findings about the rest', () =>
    withToken({ '/vms/101': ['VM.Audit', 'VM.GuestAgent.Audit'] }, async (lab) => {
      await lab.pass(120);
      const guests = [...lab.store.all()].filter(({ kind }) => kind === 'guest');
      assert.deepEqual(
        guests.map(({ id, available }) => [id, available]),
        [['proxmox/home/guest/101', true]],
      );
      assert.deepEqual(
        lab.findings.map(({ key, severity }) => [key, severity]),
        [['rights/operate', 'info']],
      );
      assert.match(lab.findings[0]?.message ?? '', /VM\.PowerMgmt at \/vms\/101/);
      assert.doesNotMatch(lab.findings[0]?.message ?? '', /Sys\.|Datastore\./);
    }));

  it('that may only look gets no control, and one finding that says how that would be otherwise', () =>
    withToken({ '/': privilegesOf('observe', 9) }, async (lab) => {
      await lab.pass(120);
      const guests = [...lab.store.all()].filter(({ kind }) => kind === 'guest');
      assert.ok(guests.length > 2);
      for (const { id, readings } of guests)
        for (const control of ['power', 'startable', 'snapshotable', 'backupable'])
          assert.equal((readings as Record<string, unknown>)[control], undefined, `${id} ${control}`);
      assert.deepEqual(
        lab.findings.map(({ key, severity, commands = [] }) => [key, severity, commands.length]),
        [['rights/operate', 'info', 3]],
      );
    }));

  it('that may operate gives no reason to complain', () =>
    withToken({ '/': privilegesOf('operate', 9) }, async (lab) => {
      await lab.pass(120);
      assert.deepEqual(lab.findings, []);
    }));
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../addon/src/contract/finding.ts';
import { privilegesOf } from '../addon/src/sources/proxmox/doctor/features.ts';
import { type ProxmoxCluster, type ProxmoxSimulator, seededCluster } from '../simulators/proxmox/index.ts';
import { pveum } from '../simulators/proxmox/pveum.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

/** The source before a cluster, with a token that may do just this. */
async function withToken(
  acl: Readonly<Record<string, readonly string[]>>,
  test: (lab: Lab) => Promise<void>,
): Promise<void> {
  const id = 'labkeeper@pve!doctor';
  const secret = '6f1d1a52-0c11-4a6e-9c3c-0a6f3c1b2d4e';
  const options = ({ cluster }: ProxmoxSimulator): object => {
    // Asked again when it is opened again.
    if (!cluster.access.tokens.some((token) => token.id === id)) cluster.access.addToken({ id, secret, acl });
    return { token_id: id, token_secret: secret };
  };
  const lab = await proxmoxLab(seededCluster, { options });
  try {
    await test(lab);
  } finally {
    await lab.close();
  }
}

type Lab = Awaited<ReturnType<typeof proxmoxLab>>;

/** Seconds after which all is read that findings are made of. */
const WITHIN = 40;

/** Rights are read every half an hour, and at the start. */
async function again(lab: Lab): Promise<void> {
  await lab.reopen('home');
  await lab.pass(WITHIN);
}

/** What the shell of a node would do. */
function type(cluster: ProxmoxCluster, findings: readonly Finding[]): void {
  for (const line of findings.flatMap(({ commands = [] }) => commands)) pveum(cluster.access, line);
}

describe('a token', () => {
  it('that lacks something has it once the lines of the findings were typed', async () => {
    const operator = privilegesOf('operate', 9);
    const without = (...privileges: readonly string[]): readonly string[] =>
      operator.filter((privilege) => !privileges.includes(privilege));
    const CASES: readonly Readonly<Record<string, readonly string[]>>[] = [
      { '/': without('VM.Snapshot') },
      { '/': operator, '/vms': ['VM.Audit'] },
      { '/': operator, '/storage/backup': ['Datastore.Audit'], '/vms/102': ['VM.Audit'] },
      { '/': ['VM.Audit', 'Datastore.Audit', 'Sys.Audit'] },
      { '/vms/101': ['VM.Audit'] },
    ];
    for (const acl of CASES) {
      await withToken(acl, async (lab) => {
        await lab.pass(WITHIN);
        assert.ok(lab.findings.length > 0, JSON.stringify(acl));
        type(lab.cluster, lab.findings);
        await again(lab);
        assert.deepEqual(lab.findings, [], JSON.stringify(acl));
      });
    }
  });

  it('whose user lacks it, too, is told apart from one that lacks it alone', () =>
    withToken({ '/': privilegesOf('observe', 9) }, async (lab) => {
      const message = (): string => lab.findings[0]?.message ?? '';
      await lab.pass(WITHIN);
      assert.match(message(), /Its user, labkeeper@pve, may/);
      assert.ok(!lab.findings[0]?.commands?.some((line) => line.includes('--users')));
      lab.cluster.access.changeAcl('labkeeper@pve', () => ({ '/': privilegesOf('observe', 9) }));
      await again(lab);
      assert.match(message(), /lacks rights for it as well/);
      type(lab.cluster, lab.findings);
      await again(lab);
      assert.deepEqual(lab.findings, []);
    }));

  it('for one guest cannot be told of its user, and gets lines for both', () =>
    withToken({ '/vms/101': ['VM.Audit', 'VM.GuestAgent.Audit'] }, async (lab) => {
      await lab.pass(WITHIN);
      assert.match(lab.findings[0]?.message ?? '', /both it and its user may/);
      assert.equal(lab.findings[0]?.commands?.length, 3);
    }));

  it('for one guest alone shows that guest, without an error and without findings about the rest', () =>
    withToken({ '/vms/101': ['VM.Audit', 'VM.GuestAgent.Audit'] }, async (lab) => {
      await lab.pass(WITHIN);
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
      await lab.pass(WITHIN);
      const guests = [...lab.store.all()].filter(({ kind }) => kind === 'guest');
      assert.ok(guests.length > 2);
      for (const { id, readings } of guests)
        for (const control of ['power', 'startable', 'snapshotable', 'backupable'])
          assert.equal((readings as Record<string, unknown>)[control], undefined, `${id} ${control}`);
      assert.deepEqual(
        lab.findings.map(({ key, severity, commands = [] }) => [key, severity, commands.length]),
        [['rights/operate', 'info', 2]],
      );
    }));

  it('that may operate gives no reason to complain', () =>
    withToken({ '/': privilegesOf('operate', 9) }, async (lab) => {
      await lab.pass(WITHIN);
      assert.deepEqual(lab.findings, []);
    }));
});

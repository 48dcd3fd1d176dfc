import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { KINDS } from '../addon/src/kinds/index.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

/** Answers of real clusters; not part of the project, so not everywhere. */
const RECORDED = fileURLToPath(new URL('../../shared/reference/recorded', import.meta.url));
const skip = existsSync(RECORDED) ? false : 'no recordings here';

/** What is asked, and which recording answers. */
const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/^\/cluster\/resources$/, 'cluster_resources'],
  [/^\/cluster\/status$/, 'cluster_status'],
  [/^\/cluster\/tasks$/, 'cluster_tasks'],
  [/^\/cluster\/backup$/, 'cluster_backup'],
  [/^\/cluster\/ha\/status\/current$/, 'cluster_ha_status_current'],
  [/^\/nodes\/[^/]+\/status$/, 'nodes_node1_status'],
  [/^\/nodes\/[^/]+\/network$/, 'nodes_node1_network'],
  [/^\/nodes\/[^/]+\/rrddata$/, 'nodes_node1_rrddata'],
  [/^\/nodes\/[^/]+\/apt\/update$/, 'nodes_node1_apt_update'],
  [/^\/nodes\/[^/]+\/apt\/versions$/, 'nodes_node1_apt_versions'],
  [/^\/nodes\/[^/]+\/qemu\/\d+\/config$/, 'nodes_node1_qemu_101_config'],
  [/^\/nodes\/[^/]+\/lxc\/\d+\/config$/, 'nodes_node1_lxc_101_config'],
];

const recorded = (name: string): { data: unknown } =>
  JSON.parse(readFileSync(path.join(RECORDED, `proxmox__go-proxmox__pve9x__${name}.json`), 'utf8'));

suite('what real Proxmox VE clusters answered', { skip }, () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  test('becomes things whose readings are what their kinds say', async () => {
    lab = await proxmoxLab(seededCluster);
    // The simulator does not know their nodes: of what nobody recorded there is nothing.
    const nothing = JSON.stringify({ data: [] });
    lab.simulator.faults.inject(
      { path: /^\/nodes\/(?!localhost)/ },
      { kind: 'answer', status: 200, type: 'application/json', body: nothing },
    );
    for (const [where, name] of ANSWERS) {
      const body = JSON.stringify(recorded(name));
      lab.simulator.faults.inject(
        { path: where },
        { kind: 'answer', status: 200, type: 'application/json', body },
      );
    }
    const rows = recorded('cluster_resources').data as readonly Record<string, unknown>[];
    const guests = rows.filter(({ type, template }) => (type === 'qemu' || type === 'lxc') && template !== 1);
    const nodes = rows.filter(({ type }) => type === 'node');
    const online = nodes.find(({ status }) => status === 'online');
    await lab.until('a status', () => lab.find('node', String(online?.node))?.readings.version);
    await lab.until('the jobs', () => lab.find('cluster', 'cluster')?.readings.jobs?.length);
    await lab.until('the links', () => lab.find('node', String(online?.node))?.readings.links?.length);
    await lab.pass(20);
    const things = [...lab.store.all()];
    const count = (kind: string): number => things.filter((thing) => thing.kind === kind).length;
    assert.deepEqual([count('guest'), count('node'), count('cluster')], [guests.length, nodes.length, 1]);
    assert.ok(count('storage') > 0);
    for (const { id, kind, readings, name } of things) {
      const problems = Value.Errors(KINDS[kind].readings, readings);
      assert.deepEqual([...problems], [], id);
      assert.ok(name !== '', id);
    }
    for (const { vmid, name } of guests) assert.equal(lab.find('guest', String(vmid))?.name, name);
    assert.equal(
      lab.log.lines.filter((line) => /^(warn|error)/.test(line)).length,
      0,
      lab.log.lines.join('\n'),
    );
  });
});

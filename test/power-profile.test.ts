import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { loadPowerProfiles } from '../addon/src/config/power-profiles.ts';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

suite('a power profile', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(profile: object, self = 'proxmox/home/guest/100'): Promise<void> {
    lab = await provisionLab(threeNodeCluster, {
      self,
      powerProfiles: [{ id: 'night', title: 'Night', ...profile }],
    });
    await lab.until('the guests', () => lab.find('guest', '130')?.readings.switchable);
  }
  const apply = async (profile = 'night') =>
    lab.over(lab.submit('apply_power_profile', SELF_ID, { profile }));
  const runs = (vmid: number): boolean => lab.cluster.find(vmid).running;
  const posts = (): number => lab.simulator.faults.count(/^POST/);

  test('starts and ends what it names, by tag, name and id, and nothing else', async () => {
    await begin({ on: ['proxmox/home/guest/102'], off: ['tag:docker', 'pulse'] });
    lab.cluster.find(102).stopped();
    await lab.until('it is seen', () => lab.find('guest', '102')?.readings.on === false);
    const job = await apply();
    assert.deepEqual([job.state, job.error, job.result], ['succeeded', undefined, { failed: [] }]);
    assert.deepEqual([102, 101, 110, 100, 120].map(runs), [true, false, false, true, true]);
    const sent = posts();
    assert.equal((await apply()).state, 'succeeded');
    assert.equal(posts(), sent, 'it is so already');
  });

  test('is refused where it would end what Labkeeper runs on', async () => {
    await begin({ off: ['homeassistant', 'pulse'] });
    const { error } = await apply();
    assert.equal(error?.code, 'check_failed');
    assert.match(error?.message ?? '', /Labkeeper itself needs homeassistant/);
    assert.equal(posts(), 0);
  });

  test('is refused where it is not known what that is, unless nothing is ended', async () => {
    await begin({ off: ['pulse'] }, 'proxmox/home/guest/999');
    assert.match((await apply()).error?.hint ?? '', /option “self”/);
    await lab.end();
    await begin({ on: ['pulse'] }, 'proxmox/home/guest/999');
    assert.equal((await apply()).state, 'succeeded');
  });

  test('says what of it is wrong', async () => {
    await begin({ on: ['nobody', 'pulse', 'pve1', 'local'], off: ['pulse'] });
    const { error } = await apply();
    assert.match(
      error?.message ?? '',
      /the lab has no “nobody”; the lab has no “local”; pulse is to run and not to run/,
    );
    assert.equal((await apply('day')).error?.hint, 'power-profiles.yaml has: night');
    assert.equal(posts(), 0);
  });

  test('goes on with the others where one refuses, and says so', async () => {
    await begin({ off: ['pulse', 'dev-test'] });
    lab.cluster.find(110).lock = 'backup';
    const { state, error, result } = await apply();
    assert.deepEqual([state, error?.message], ['failed', 'pulse could not be switched']);
    assert.deepEqual(result, { failed: ['proxmox/home/guest/110'] });
    assert.deepEqual([runs(110), runs(102)], [true, false]);
  });
});

suite('the file of power profiles', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
  test('is read as it is now, and need not be there', async () => {
    try {
      assert.deepEqual(await loadPowerProfiles(undefined), []);
      assert.deepEqual(await loadPowerProfiles(folder), []);
      const write = (text: string): void => writeFileSync(path.join(folder, 'power-profiles.yaml'), text);
      write('profiles:\n  - {id: night, title: Night, off: ["tag:lab"]}\n');
      assert.deepEqual(await loadPowerProfiles(folder), [{ id: 'night', title: 'Night', off: ['tag:lab'] }]);
      write('profiles:\n  - {id: Night, tittle: x, off: pulse}\n');
      await assert.rejects(loadPowerProfiles(folder), (error: Error) => {
        assert.match(error.message, /profiles\[0\]\.id: must look like night/);
        assert.match(error.message, /profiles\[0\]\.title: is missing/);
        assert.match(error.message, /profiles\[0\]\.tittle: .*did you mean “title”/);
        assert.match(error.message, /profiles\[0\]\.off: must be a list/);
        return true;
      });
      write('profiles:\n  - {id: a, title: A}\n  - {id: a, title: B}\n');
      await assert.rejects(loadPowerProfiles(folder), /profiles\[1\]\.id: “a” is taken by profiles\[0\]/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { type RedfishLab, type RedfishLabOptions, redfishLab, SERVER } from './helpers/redfish-lab.ts';

suite('the event log of a server', () => {
  let lab: RedfishLab;
  afterEach(() => lab.close());

  const begin = async (options: RedfishLabOptions = {}, old = 3): Promise<void> => {
    lab = await redfishLab({
      ...options,
      before: ({ machine }) => {
        for (let entry = 1; entry <= old; entry += 1) machine.record('OK', `old ${entry}`);
      },
    });
    await lab.known();
    await lab.pass(10);
  };
  const messages = (): readonly unknown[] => lab.events.map(([, , { message }]) => message);

  test('tells what is new, and how bad it is', async () => {
    await begin();
    assert.equal(lab.events.length, 0, 'what was there is no news');
    lab.machine.record('Critical', 'The input power for power supply 2 is lost.', 'PSU0003');
    lab.machine.record('OK', 'The input power for power supply 2 has been restored.');
    await lab.until('both', () => lab.events.length === 2, 400);
    const created = lab.machine.log.at(-2)?.created;
    assert.deepEqual(lab.events[0], [
      SERVER,
      'log',
      {
        event_type: 'critical',
        message: 'The input power for power supply 2 is lost.',
        code: 'PSU0003',
        created: created ?? '',
      },
    ]);
    assert.equal(lab.events[1]?.[2].event_type, 'ok');
    await lab.pass(400);
    assert.equal(lab.events.length, 2, 'each once');
  });

  test('tells what came while Labkeeper was down, the newest twenty at most, oldest first', async () => {
    await begin({ seed: { pageSize: 10 } });
    for (let entry = 1; entry <= 25; entry += 1) lab.machine.record('Warning', `new ${entry}`);
    await lab.reopen();
    await lab.until('them', () => lab.events.length > 0, 30);
    await lab.pass(5);
    assert.deepEqual(
      messages(),
      Array.from({ length: 20 }, (_, index) => `new ${index + 6}`),
    );
  });

  test('is read page by page only as far as it is new', async () => {
    await begin({ seed: { pageSize: 5 } }, 30);
    const pages = (): number => lab.simulator.faults.count(/Sel\/Entries$/);
    assert.equal(pages(), 6);
    lab.machine.record('Warning', 'new');
    await lab.until('it', () => lab.events.length === 1, 400);
    assert.equal(pages(), 7);
  });

  test('that was emptied counts from one again', async () => {
    await begin();
    await lab.pass(60);
    lab.machine.log.length = 0;
    lab.machine.record('OK', 'The log was cleared.');
    await lab.until('it', () => lab.events.length === 1, 400);
    assert.deepEqual(messages(), ['The log was cleared.']);
  });

  test('is looked at every five minutes, and never the one of all logins', async () => {
    await begin();
    lab.simulator.faults.resetCounts();
    await lab.pass(1_800);
    const reads = lab.simulator.faults.count(/Sel\/Entries$/);
    assert.ok(reads >= 5 && reads <= 7, `${reads} reads in half an hour`);
    assert.equal(lab.simulator.faults.count(/Lclog\/Entries$/), 0);
  });
});

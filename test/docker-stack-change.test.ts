import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { SimCompose } from '../simulators/docker/compose.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { endOf, killAt, MOMENTS } from './helpers/kill-gate.ts';
import { checkOf, HOST, outcome, startStackLab } from './helpers/stack-lab.ts';
import { Disk, type Gate } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const SHOP = 'docker/nas/stack/shop';
const FOLDER = '/opt/stacks/shop';
const CHECK = 'healthcheck: {test: ["CMD", "check"], interval: 20ms}';
const FILE = `services:
  web:
    image: team/web:1
    ports: ["8080:80"]
    volumes: ["data:/data"]
    environment: {PASSWORD: "\${PASSWORD}"}
    ${CHECK}
  db:
    image: team/db:1
    ${CHECK}
volumes: {data: }
`;
const INPUT = { name: 'shop', compose: FILE, environment: { PASSWORD: 'very secret' } };
const OTHER = FILE.replace('team/web:1', 'team/web:2').replace(/ {2}db:[\s\S]*?\n {4}health.*\n/, '');

suite('a stack is changed', () => {
  let simulated: DockerEngine;
  let disk: Disk;
  let server: DockerSimulator;
  let run: ReturnType<typeof startStackLab>;

  function prepare(): void {
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    simulated.folders = new Set(['/var/run/docker.sock']);
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    for (const image of ['team/web:1', 'team/web:2', 'team/db:1'])
      simulated.images.publish(image, { id: `sha256:${image}` });
    new SimCompose(simulated, { files: new Set(), stepMs: 5 });
  }
  beforeEach(() => {
    disk = new Disk();
    prepare();
  });
  afterEach(async () => {
    await end();
    disk.remove();
  });
  async function start(gate?: Gate, database = disk.open()): Promise<void> {
    server = await startDockerSimulator({ engine: simulated, ...(gate !== undefined && { gate }) });
    run = startStackLab({ url: server.url }, database);
    await run.seen(HOST);
  }
  async function end(): Promise<void> {
    await run.close();
    await server.close();
  }
  async function deployed(gate?: Gate, database = disk.open()): Promise<void> {
    await start(gate, database);
    assert.deepEqual(outcome(await run.done('deploy_stack', HOST, INPUT)), ['succeeded', undefined]);
    await run.seen(SHOP);
  }
  const there = (): string[] =>
    simulated.containers.map(({ name, status, spec }) => `${name} ${status} ${spec.image}`).sort();

  test('by another file, with what differs named first, and what was there before kept', async () => {
    await deployed();
    const plan = await run.planned('update_stack', SHOP, { compose: OTHER });
    assert.equal(checkOf(plan, 'Changes')?.message, 'changed: web (image); removed: db');
    assert.equal(checkOf(plan, 'Ports')?.ok, true, 'its own port is no one else’s');
    assert.ok(plan.warnings?.includes('db is ended and removed; its volumes stay'), plan.warnings?.join());
    assert.deepEqual(outcome(await run.done('update_stack', SHOP, { compose: OTHER })), [
      'succeeded',
      undefined,
    ]);
    assert.deepEqual(there(), ['shop-web-1 running team/web:2']);
    assert.equal(simulated.disk.get(`${FOLDER}/compose.yaml`), OTHER);
    assert.equal(simulated.disk.get(`${FOLDER}/.env`), "PASSWORD='very secret'\n");
    assert.equal(simulated.disk.get(`${FOLDER}/compose.yaml.before`), FILE);
    const back = await run.done('update_stack', SHOP, { previous: true });
    assert.deepEqual(outcome(back), ['succeeded', undefined]);
    assert.deepEqual(there(), ['shop-db-1 running team/db:1', 'shop-web-1 running team/web:1']);
  });

  test('by other variables, of which nothing is told but which services they change', async () => {
    await deployed();
    const db = simulated.find('shop-db-1').id;
    const input = { environment: { PASSWORD: 'another one' } };
    const plan = await run.planned('update_stack', SHOP, input);
    assert.equal(checkOf(plan, 'Changes')?.message, 'changed: web (environment)');
    const job = await run.done('update_stack', SHOP, input);
    assert.deepEqual(outcome(job), ['succeeded', undefined]);
    assert.equal(simulated.disk.get(`${FOLDER}/.env`), "PASSWORD='another one'\n");
    assert.equal(simulated.disk.get(`${FOLDER}/.env.before`), "PASSWORD='very secret'\n");
    assert.equal(simulated.find('shop-db-1').id, db);
    assert.ok(!JSON.stringify([plan, job, run.executor.logOf(job.id)]).includes('another one'));
  });

  for (const [what, file, message] of [
    [
      'a volume',
      FILE.replace('data:/data', '/srv/data:/data'),
      'web has shop_data at /data, and would have /srv/data there',
    ],
    [
      'the name of a volume',
      FILE.replace('{data: }', '{data: {name: precious}}'),
      'web has shop_data at /data, and would have precious there',
    ],
  ] as const) {
    test(`never so that a service finds other data where it had its own: ${what}`, async () => {
      await deployed();
      const before = there();
      const { state, error } = await run.done('update_stack', SHOP, { compose: file });
      assert.deepEqual([state, error?.message], ['failed', `Data: ${message}`]);
      assert.deepEqual([there(), simulated.disk.get(`${FOLDER}/compose.yaml`)], [before, FILE]);
    });
  }

  test('never where its file is one that people wrote', async () => {
    simulated.create({ name: 'own-web-1', image: 'x', labels: composeLabels('own', 'web') });
    (simulated.folders as Set<string>).add('/opt/stacks/own');
    simulated.disk.set('/opt/stacks/own/compose.yaml', 'services: {web: {image: x}}');
    await start();
    await run.seen('docker/nas/stack/own');
    const { error } = await run.done('update_stack', 'docker/nas/stack/own', { compose: FILE });
    assert.equal(error?.code, 'target_unsuitable');
    assert.match(error?.message ?? '', /what people wrote is not written over/);
    assert.equal(simulated.disk.get('/opt/stacks/own/compose.yaml'), 'services: {web: {image: x}}');
  });

  test('and where that fails, it is said how the file before is had back', async () => {
    await deployed();
    const old = simulated.find('shop-web-1').id;
    const job = run.begin('update_stack', SHOP, { compose: OTHER });
    await eventually('the new one', () =>
      simulated.containers.some(({ id, spec, alive }) => spec.image === 'team/web:2' && alive && id !== old),
    );
    simulated.setHealth('shop-web-1', 'unhealthy');
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /shop-web-1 is unhealthy/);
    assert.match(error?.hint ?? '', /compose\.yaml\.before: update_stack with previous: true takes it back/);
  });

  for (const moment of MOMENTS) {
    test(`once, when Labkeeper is killed just ${moment} any of its calls`, async () => {
      for (let call = 1; ; call += 1) {
        prepare();
        const database = disk.open();
        const kill = killAt({ disk, database }, moment, call);
        kill.counting(false);
        await deployed(kill.gate, database);
        kill.counting(true);
        const job = run.begin('update_stack', SHOP, { compose: OTHER });
        const isThrough = !(await kill.reached(run.executor, job));
        await end();
        database.close();
        await start(undefined, disk.open());
        if (isThrough) {
          assert.ok(call > 10, `${call} calls`);
          return;
        }
        const ended = await endOf(run.executor, job.id, `the end of the job after ${kill.seen}: ${there()}`);
        const made = there().filter((one) => !one.startsWith('labkeeper-'));
        if (ended.state === 'succeeded') assert.deepEqual(made, ['shop-web-1 running team/web:2'], kill.seen);
        else {
          assert.match(ended.error?.message ?? '', /given for it in secret|ended before it began/, kill.seen);
          assert.deepEqual(made, ['shop-db-1 running team/db:1', 'shop-web-1 running team/web:1'], kill.seen);
        }
        await end();
        disk.remove();
        disk = new Disk();
      }
    });
  }
});

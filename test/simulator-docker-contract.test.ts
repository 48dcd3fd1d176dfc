import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listen, read, send } from '../simulators/docker/client.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { type Json, type JsonObject, shapeOf, strangersIn } from '../simulators/shape.ts';

/** Answers of real engines; not part of the project, so not everywhere. */
const RECORDED = fileURLToPath(new URL('../../shared/reference/recorded', import.meta.url));
const missing = existsSync(RECORDED) ? false : 'no recordings here';

/** Keys that are names of things, not fields: what they hold is compared, whatever they are. */
const NAMED =
  /(^|\.)(Labels|Ports|PortBindings|ExposedPorts|Networks|Attributes|networks|Runtimes|GraphDriver\.Data)$/;

const recorded = (name: string): Json =>
  JSON.parse(readFileSync(path.join(RECORDED, `docker__pyportainer__${name}.json`), 'utf8'));

/** Fields that a client may count on, with or without recordings at hand. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/version': {
    Version: 'string',
    ApiVersion: 'string',
    MinAPIVersion: 'string',
    Os: 'string',
    Arch: 'string',
  },
  '/info': {
    ID: 'string',
    Name: 'string',
    Containers: 'number',
    ContainersRunning: 'number',
    ServerVersion: 'string',
    OperatingSystem: 'string',
    KernelVersion: 'string',
    Architecture: 'string',
    NCPU: 'number',
    MemTotal: 'number',
    'Swarm.LocalNodeState': 'string',
  },
  '/containers/json': {
    '[].Id': 'string',
    '[].Names': 'array',
    '[].Image': 'string',
    '[].State': 'string',
    '[].Status': 'string',
    '[].Created': 'number',
    '[].Labels': 'object',
    '[].NetworkSettings.Networks': 'object',
  },
  '/containers/ai-chatterbox-1/json': {
    Id: 'string',
    Name: 'string',
    Created: 'string',
    RestartCount: 'number',
    'State.Status': 'string',
    'State.Running': 'boolean',
    'State.ExitCode': 'number',
    'State.StartedAt': 'string',
    'State.Health.Status': 'string',
    'State.Health.FailingStreak': 'number',
    'Config.Image': 'string',
    'Config.Labels': 'object',
    'Config.Healthcheck.Test': 'array',
    'HostConfig.AutoRemove': 'boolean',
    'HostConfig.NetworkMode': 'string',
    'HostConfig.RestartPolicy.Name': 'string',
    'NetworkSettings.Ports': 'object',
    'NetworkSettings.Ports.*': 'array',
    'NetworkSettings.Ports.*[].HostIp': 'string',
    'NetworkSettings.Ports.*[].HostPort': 'string',
  },
  '/system/df': {
    LayersSize: 'number',
    'Images[].Size': 'number',
    'Images[].SharedSize': 'number',
    'Images[].Containers': 'number',
    'Containers[].SizeRw': 'number',
    'Containers[].State': 'string',
    'Volumes[].UsageData.Size': 'number',
    'Volumes[].UsageData.RefCount': 'number',
    'BuildCache[].Size': 'number',
  },
  '/containers/ai-chatterbox-1/stats?stream=false&one-shot=true': {
    read: 'string',
    'cpu_stats.cpu_usage.total_usage': 'number',
    'cpu_stats.system_cpu_usage': 'number',
    'cpu_stats.online_cpus': 'number',
    'memory_stats.usage': 'number',
    'memory_stats.limit': 'number',
    'memory_stats.stats.inactive_file': 'number',
    'networks.*.rx_bytes': 'number',
    'networks.*.tx_bytes': 'number',
    'blkio_stats.io_service_bytes_recursive[].op': 'string',
    'blkio_stats.io_service_bytes_recursive[].value': 'number',
  },
};

/** The recordings are the API's documented examples, of a newer version and on cgroup v1. */
const RECORDINGS: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ['/version', 'docker_version', [/^Components\[\]\./]],
  [
    '/info',
    'docker_info',
    // Kept in lists or in maps that the example leaves empty.
    [/^Plugins\.\w+\[\]/, /^RegistryConfig\.\w+(\[\]|\.)/, /^Runtimes\.\*\.path$/],
  ],
  [
    '/containers/json',
    'containers',
    // A number on the wire, in the example a string. The example's port has no address.
    [/^\[\]\.Created$/, /^\[\]\.Ports\[\]\.IP$/],
  ],
  [
    '/containers/ai-chatterbox-1/json',
    'container_inspect',
    [
      // Gone in newer versions; an empty list in the example; a number on the wire, in the example a string.
      /^HostConfig\.KernelMemory$/,
      /^Config\.Entrypoint\[\]$/,
      /^NetworkSettings\.LinkLocalIPv6PrefixLen$/,
    ],
  ],
  [
    '/containers/ai-chatterbox-1/stats?stream=false&one-shot=true',
    'container_stats',
    // What an engine sends today and the example, from 2015, does not have; and the counters of cgroup v2.
    [
      /^(preread|num_procs|storage_stats|name|id)$/,
      /^memory_stats\.stats\./,
      /^blkio_stats\./,
      /^pids_stats\.limit$/,
    ],
  ],
];

suite('simulated engine: what it says', () => {
  const engine = seededEngine({ statsWaitMs: 5 });
  let simulator: DockerSimulator;
  before(async () => {
    simulator = await startDockerSimulator({ engine });
  });
  after(() => simulator.close());

  for (const [place, fields] of Object.entries(REQUIRED)) {
    test(`${place} has the fields that clients count on`, async () => {
      const shape = shapeOf(await read(simulator, place), NAMED);
      for (const [field, type] of Object.entries(fields)) assert.equal(shape.get(field), type, field);
    });
  }

  for (const [place, name, known] of RECORDINGS) {
    test(`${place} says nothing that a real engine does not`, { skip: missing }, async () => {
      assert.deepEqual(strangersIn(await read(simulator, place), recorded(name), NAMED, known), []);
    });
  }

  test('an event says nothing that a real engine does not', { skip: missing }, async () => {
    const stream = await listen(simulator, 'since=0');
    const event = JSON.parse((await stream.next()).text) as Json;
    stream.close();
    // Older names of the same, which an engine of API 1.41 sends beside them.
    assert.deepEqual(strangersIn(event, recorded('docker_event'), NAMED, [/^(status|id|from)$/]), []);
  });

  test('a version of the API in the path changes nothing, one that is too new is refused', async () => {
    assert.deepEqual(await read(simulator, '/v1.41/version'), await read(simulator, '/version'));
    const { status, body } = await send(simulator, 'GET', '/v1.99/version');
    assert.equal(status, 400);
    assert.match(String((body as JsonObject).message), /too new/);
  });

  test('a ping is answered in plain text', async () => {
    const { status, text } = await send(simulator, 'GET', '/_ping');
    assert.deepEqual([status, text], [200, 'OK']);
  });

  test('the lab is there: three stacks, four single containers, all running', async () => {
    const list = (await read(simulator, '/containers/json')) as readonly { Labels: Record<string, string> }[];
    const stacks = Map.groupBy(list, ({ Labels }) => Labels['com.docker.compose.project'] ?? 'none');
    const sizes = [...stacks].map(([stack, members]) => [stack, members.length]).sort();
    assert.deepEqual(sizes, [
      ['ai', 2],
      ['media', 2],
      ['monitoring', 2],
      ['none', 4],
    ]);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ERRORS } from '../addon/src/core/errors.ts';
import { host, plex, self, web } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';

const system = (owner: string, reachable: boolean) => ({
  owner,
  title: owner,
  reachable,
  traffic: { callsPerMinute: reachable ? 4.5 : null, p95: reachable ? 120 : null, errors: 2, lastError: 'x' },
});

test('metrics have the lab, the systems, the jobs and the process', async () => {
  const app = { ...self, readings: { ...self.readings, systems: [item('docker_nas', 3)] } };
  const odd = { ...plex, name: 'a "b"\\\nc', readings: { ...plex.readings, cpu: null } };
  const away = { ...web, available: false };
  const systems = [system('docker/nas', true), system('proxmox/home', false)];
  await withServer({ systems, resources: [host, odd, away, app] }, async ({ get, outcome }) => {
    await outcome();
    const { status, text, headers } = await get('/metrics');
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
    const lines = text.split('\n');
    const has = (line: string): void => assert.ok(lines.includes(line), `${line} in\n${text}`);
    has('labkeeper_info{version="0.1.0"} 1');
    has('labkeeper_jobs{state="succeeded"} 1');
    has('labkeeper_jobs{state="failed"} 0');
    has('labkeeper_resources{kind="container"} 2');
    has('labkeeper_system_reachable{system="docker/nas"} 1');
    has('labkeeper_system_reachable{system="proxmox/home"} 0');
    has('labkeeper_system_calls_per_minute{system="docker/nas"} 4.5');
    has('labkeeper_system_latency_p95_seconds{system="docker/nas"} 0.12');
    has('labkeeper_system_errors{system="proxmox/home"} 2');
    has(`labkeeper_container_memory{id="${plex.id}",name="a \\"b\\"\\\\\\nc"} 0.25`);
    has(`labkeeper_container_on{id="${plex.id}",name="a \\"b\\"\\\\\\nc"} 1`);
    has(`labkeeper_app_systems_calls{id="${self.id}",name="Labkeeper",item="docker_nas"} 3`);
    has('# TYPE labkeeper_host_running gauge');
    assert.match(text, /^# HELP labkeeper_host_running containers that run$/m);
    assert.doesNotMatch(
      text,
      /container_cpu|proxmox\/home"} null|name="web"/,
      'neither unknown nor out of date',
    );
    assert.match(text, /^process_resident_memory_bytes \d+/m);
    for (const line of lines) {
      assert.match(line, /^(#.*|[a-z_:][\w:]*(\{.*\})? [-+\w.]+|)$/i, 'Prometheus can read each line');
    }
    const named = lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
    assert.equal(new Set(named).size, named.length, 'each metric once');
  });
});

const item = (key: string, calls: number) => ({
  ...{ key, title: key, connected: true, calls, latency: null, errors: 0, last_error: null },
});

test('the description of the API is OpenAPI 3.1 and has every route, action and error', async () => {
  await withServer({}, async ({ get, actions }) => {
    const { json: document } = await get('/openapi.json');
    assert.match(document.openapi, /^3\.1\./);
    assert.deepEqual([document.info.title, document.info.version], ['Labkeeper', '0.1.0']);
    const routes = ['/health', '/metrics', '/openapi.json', '/api/lab', '/api/actions', '/api/jobs'];
    const more = [
      '/api/jobs/{id}',
      '/api/events',
      '/api/audit',
      '/api/build-out',
      '/api/build-out/file',
      '/api/log',
    ];
    more.push(
      '/api/app',
      '/api/graph',
      '/api/services',
      '/api/recipes',
      '/api/recording',
      '/api/recording/file',
      '/hooks/{source}/{id}/{secret}',
      '/mcp',
    );
    more.push(
      '/api/systems',
      '/api/systems/ask',
      '/api/me',
      '/api/tokens',
      '/api/deleted',
      '/api/history',
      '/api/kinds',
    );
    more.push('/api/app/log', '/api/diagnostics', '/api/files', '/api/files/check', '/api/files/text');
    const ofActions = actions.map(({ id }) => `/api/actions/${id}`);
    assert.deepEqual(Object.keys(document.paths).sort(), [...routes, ...more, ...ofActions].sort());

    const ajv = new Ajv2020({ strict: false });
    const schemas: unknown[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === '$ref') assert.equal(inner, '#/components/responses/Error');
        if (key === 'schema') schemas.push(inner);
        collect(inner);
      }
    };
    collect(document);
    for (const schema of schemas)
      assert.equal(ajv.validateSchema(schema as object), true, JSON.stringify(schema));

    for (const [path, methods] of Object.entries<Record<string, never>>(document.paths)) {
      for (const [method, operation] of Object.entries<Record<string, unknown>>(methods)) {
        assert.ok(operation.summary, `${method} ${path} says what it is for`);
        for (const [code, response] of Object.entries(
          operation.responses as Record<string, { description: string }>,
        )) {
          assert.match(code, /^(default|[2-5]\d\d)$/);
          assert.ok('description' in response || '$ref' in response);
        }
      }
    }
    const power = document.paths['/api/actions/set_power'].post;
    const body = power.requestBody.content['application/json'].schema;
    const valid = ajv.compile(body);
    assert.ok(valid({ target: plex.id, input: { power: 'on' }, wait_s: 5 }));
    assert.ok(!valid({ target: plex.id, input: { power: 'reset' } }));
    const error = document.components.responses.Error.content['application/json'].schema;
    assert.deepEqual(error.properties.code.enum, Object.keys(ERRORS));
    assert.deepEqual(document.paths['/health'].get.security, []);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { LabError } from '../addon/src/core/errors.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { ProxmoxClient } from '../addon/src/sources/proxmox/client.ts';
import {
  htmlPage,
  makeCertificate,
  OPERATOR_TOKEN,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../simulators/proxmox/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const DAY_MS = 86_400_000;
const LIST = '/cluster/resources';

interface Case {
  readonly what: string;
  readonly options?: (simulator: ProxmoxSimulator) => object;
  /** What is done to the simulator first. */
  readonly to?: (simulator: ProxmoxSimulator) => void;
  /** Of the certificate that it shows, from now. */
  readonly validDays?: readonly [number, number];
  readonly ask?: string;
  readonly code: string;
  readonly hint: RegExp;
}

/** What people get wrong, or what others put in the way; each has its own code, or at least its own hint. */
suite('Proxmox VE, at first', () => {
  let folder: string;
  let plain: Server;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-bad-'));
    plain = createServer((_, response) => response.end('a web server'));
    await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done));
  });
  after(() => {
    plain.close();
    rmSync(folder, { recursive: true });
  });

  const plainPort = (): number => (plain.address() as AddressInfo).port;
  const answer = (status: number, body: string) => ({
    ...{ kind: 'answer' as const, status, message: 'x', type: 'application/json', body },
  });

  const cases: readonly Case[] = [
    {
      what: 'a host that does not exist',
      options: () => ({ urls: ['https://pve1.invalid:8006'] }),
      code: 'unreachable',
      hint: /name/,
    },
    {
      what: 'a port at which nothing listens',
      options: () => ({ urls: ['https://127.0.0.1:1'] }),
      code: 'unreachable',
      hint: /nothing listens there/,
    },
    {
      what: 'a port at which something speaks no TLS',
      options: () => ({ urls: [`https://127.0.0.1:${plainPort()}`] }),
      code: 'unreachable',
      hint: /does not speak TLS/,
    },
    {
      what: 'a self-signed certificate without its fingerprint',
      options: () => ({ fingerprint: undefined }),
      validDays: [-1, 1],
      code: 'certificate_refused',
      hint: /self-signed: give its SHA-256 as fingerprint/,
    },
    {
      what: 'the fingerprint of another certificate',
      options: () => ({ fingerprint: 'AB:'.repeat(31).concat('AB') }),
      code: 'certificate_refused',
      hint: /if it was renewed on purpose, set fingerprint to [0-9a-f]{64}/,
    },
    {
      what: 'a certificate that has expired',
      options: () => ({ fingerprint: undefined, ca: path.join(folder, 'ca.pem') }),
      validDays: [-20, -10],
      code: 'certificate_refused',
      hint: /expired: renew it there, or set the clock/,
    },
    {
      what: 'a certificate that is not valid yet, since a clock is wrong',
      options: () => ({ fingerprint: undefined, ca: path.join(folder, 'ca.pem') }),
      validDays: [10, 20],
      code: 'certificate_refused',
      hint: /set the clocks/,
    },
    {
      what: 'a wrong secret',
      options: () => ({ token_secret: '00000000-0000-4000-8000-000000000000' }),
      code: 'credentials_refused',
      hint: /token_secret/,
    },
    {
      what: 'a realm that there is not',
      options: () => ({
        ...{ token_id: undefined, token_secret: undefined, username: 'root@nowhere', password: 'labkeeper' },
      }),
      code: 'credentials_refused',
      hint: /username with its realm/,
    },
    {
      what: 'the page of a proxy that cannot reach it',
      to: ({ faults }) => void faults.inject({}, htmlPage(502, 'Bad Gateway')),
      code: 'source_failed',
      hint: /proxy/,
    },
    {
      what: 'the page of something else',
      to: ({ faults }) => void faults.inject({}, htmlPage(200, 'OK')),
      code: 'source_failed',
      hint: /proxy or another service/,
    },
    {
      what: 'half of JSON',
      to: ({ faults }) => void faults.inject({}, answer(200, '{"data":[{"id"')),
      code: 'source_failed',
      hint: /proxy or another service/,
    },
    {
      what: 'JSON of another kind',
      to: ({ faults }) => void faults.inject({}, answer(200, '{"data":"welcome"}')),
      code: 'source_failed',
      hint: /proxy or another service/,
    },
    {
      what: 'a privilege that is missing',
      to: ({ cluster }) => {
        cluster.access.addToken({ id: 'labkeeper@pve!none', secret: 's', acl: { '/vms': ['VM.Audit'] } });
      },
      options: () => ({ token_id: 'labkeeper@pve!none', token_secret: 's' }),
      ask: '/nodes/pve1/services',
      code: 'privilege_missing',
      hint: /give Sys\.Audit at \/nodes\/pve1 to the user/,
    },
    {
      what: 'a node that the one asked cannot reach',
      to: ({ faults }) => void faults.inject({}, { ...answer(595, ''), message: 'No route to host' }),
      code: 'node_offline',
      hint: /^$/,
    },
    {
      what: 'a server that is overloaded',
      to: ({ faults }) => void faults.inject({}, { ...answer(503, ''), message: 'Service Unavailable' }),
      code: 'source_failed',
      hint: /^$/,
    },
  ];

  for (const { what, options = () => ({}), to, validDays, ask = LIST, code, hint } of cases) {
    test(`${what}: ${code}, and what to do`, async () => {
      const clock = new FakeClock();
      const [from = 0, until = 0] = validDays ?? [];
      const certificate =
        validDays === undefined
          ? undefined
          : makeCertificate({
              ...{ name: 'pve1', hosts: ['localhost', '127.0.0.1'] },
              notBefore: new Date(Date.now() + from * DAY_MS),
              notAfter: new Date(Date.now() + until * DAY_MS),
            });
      if (certificate !== undefined) writeFileSync(path.join(folder, 'ca.pem'), certificate.cert);
      const simulator = await startProxmoxSimulator({
        cluster: seededCluster({ clock }),
        ...(certificate !== undefined && { certificate }),
      });
      to?.(simulator);
      const token = simulator.tokens.find(({ id }) => id === OPERATOR_TOKEN);
      const { urls, fingerprint } = simulator;
      const given = {
        urls,
        fingerprint,
        token_id: token?.id,
        token_secret: token?.secret,
        ...options(simulator),
      };
      const client = new ProxmoxClient(given as never, 'proxmox/home', clock, new Meter(clock));
      try {
        const asked = client.get(ask, AbortSignal.timeout(20_000)).then(
          () => assert.fail('it was answered'),
          (thrown: unknown) => thrown,
        );
        // Reads are tried once more, by the clock.
        for (let step = 0; step < 20; step += 1) {
          await new Promise((done) => setTimeout(done, 20));
          await clock.advance(250);
        }
        const thrown = await asked;
        assert.ok(thrown instanceof LabError, String(thrown));
        assert.equal(thrown.code, code, thrown.message);
        assert.match(thrown.hint ?? '', hint);
        assert.match(`${thrown.message}`, /proxmox\/home|127\.0\.0\.1/, 'it says which system');
        assert.ok(!`${thrown.message} ${thrown.hint}`.includes(token?.secret ?? ''), 'no secret');
      } finally {
        await client.close();
        await simulator.close();
      }
    });
  }
});

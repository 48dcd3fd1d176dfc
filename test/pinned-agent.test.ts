import assert from 'node:assert/strict';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { PinnedAgent } from '../addon/src/net/pinned-agent.ts';
import { makeCertificate } from '../simulators/proxmox/certificate.ts';

test('who trusts a pinned certificate shows its own one as well', async () => {
  const [server, client] = ['server', 'client'].map((name) =>
    makeCertificate({ name, hosts: ['localhost', '127.0.0.1'] }),
  );
  assert.ok(server && client);
  const { cert, key } = server;
  const listening = https
    .createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, ({ socket }, response) => {
      response.end(String((socket as TLSSocket).getPeerCertificate().fingerprint256));
    })
    .listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const agent = new PinnedAgent(server.fingerprint);
  const { port } = listening.address() as AddressInfo;
  const seenBy = (own: object): Promise<string> =>
    new Promise((resolve, reject) => {
      https
        .get({ host: '127.0.0.1', port, agent, ...own }, (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece: string) => {
            text += piece;
          });
          answer.on('end', () => resolve(text));
        })
        .once('error', reject);
    });
  try {
    assert.equal(await seenBy({ cert: client.cert, key: client.key }), client.fingerprint);
  } finally {
    agent.destroy();
    listening.close();
  }
});

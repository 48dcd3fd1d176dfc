import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from './der.ts';

/** What a TLS server needs, and what its clients may pin or trust. */
export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
  /** SHA-256 of the certificate, as Proxmox VE shows it: `AB:CD:…`. */
  readonly fingerprint: string;
}

export interface CertificateRequest {
  readonly name: string;
  /** DNS names and IPv4 addresses that it is good for. */
  readonly hosts: readonly string[];
  /** Signs it; left out: it signs itself. */
  readonly issuer?: Certificate & { readonly name: string };
  /** It may sign others. */
  readonly authority?: boolean;
  /** Real time, because TLS looks at nothing else. Default: from yesterday on for ten years. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const DAY_MS = 86_400_000;

/** An X.509 v3 certificate with a fresh P-256 key, made in memory. */
export function makeCertificate(request: CertificateRequest): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const body = bodyOf(request, publicKey);
  const signature = sign('sha256', body, request.issuer?.key ?? key);
  const der = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return { key, cert: pemOf(der), fingerprint: fingerprintOf(der) };
}

/** The SHA-256 fingerprint of a certificate. */
export function fingerprintOf(der: Buffer): string {
  const hex = createHash('sha256').update(der).digest('hex').toUpperCase();
  return hex.replace(/(..)(?=.)/g, '$1:');
}

/** The first certificate of a PEM text. */
export function derOf(pem: string): Buffer {
  const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(pem) ?? [];
  return Buffer.from(base64, 'base64');
}

function bodyOf(request: CertificateRequest, publicKey: KeyObject): Buffer {
  const { name, issuer, notBefore = new Date(Date.now() - DAY_MS) } = request;
  const notAfter = request.notAfter ?? new Date(Date.now() + 3_650 * DAY_MS);
  return sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    distinguished(issuer?.name ?? name),
    sequence(time(notBefore), time(notAfter)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, extensionsOf(request, publicKey)),
  );
}

function extensionsOf(
  { hosts, issuer, authority = false }: CertificateRequest,
  publicKey: KeyObject,
): Buffer {
  const own = keyIdOf(publicKey);
  const signer = issuer === undefined ? own : keyIdOf(createPublicKey(issuer.key));
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));
  const all = [
    extension('2.5.29.14', octets(own)),
    extension('2.5.29.35', sequence(implicit(0, signer))),
    // digitalSignature, or keyCertSign and cRLSign for an authority.
    extension('2.5.29.15', authority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7), true),
    extension('2.5.29.19', authority ? sequence(boolean(true)) : sequence(), true),
  ];
  if (!authority) all.push(extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))));
  if (hosts.length > 0) all.push(extension('2.5.29.17', sequence(...hosts.map(alternativeName))));
  return sequence(...all);
}

const alternativeName = (host: string): Buffer =>
  /^\d+(\.\d+){3}$/.test(host)
    ? implicit(7, Buffer.from(host.split('.').map(Number)))
    : implicit(2, Buffer.from(host, 'ascii'));

const distinguished = (name: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(name))));

const keyIdOf = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();

const pemOf = (der: Buffer): string => {
  const lines = der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
};

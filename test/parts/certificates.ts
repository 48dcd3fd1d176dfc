import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from './process.ts';

/** Files (PEM) of an authority, and of a server and a client that it vouches for. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string; readonly fingerprint: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes certificates for 127.0.0.1 in `folder`, with openssl. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string): string => path.join(folder, `${name}.pem`);
  const openssl = (...args: string[]): Promise<string> => runToEnd('openssl', args);
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await openssl(
    'req',
    '-x509',
    ...fresh,
    '-subj',
    '/CN=authority',
    '-keyout',
    at('ca-key'),
    '-out',
    at('ca'),
  );
  for (const [name, extension] of [
    ['server', 'subjectAltName=IP:127.0.0.1'],
    ['client', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    const signed = ['-CA', at('ca'), '-CAkey', at('ca-key'), '-addext', extension];
    const subject = ['-subj', `/CN=${name}`, '-keyout', at(`${name}-key`), '-out', at(name)];
    await openssl(
      'req',
      '-x509',
      ...fresh,
      ...signed,
      ...subject,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
  }
  const { fingerprint256 } = new X509Certificate(await readFile(at('server')));
  return {
    ca: at('ca'),
    server: { cert: at('server'), key: at('server-key'), fingerprint: fingerprint256 },
    client: { cert: at('client'), key: at('client-key') },
  };
}

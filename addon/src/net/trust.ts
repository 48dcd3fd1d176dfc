import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { LabError } from '../core/errors.ts';

/** Which server is believed to be the right one. */
export interface Trust {
  /**
   * SHA-256 of its certificate in hex, with or without colons: then exactly this one. Several, with commas or spaces
   * between them, are as many that it may be.
   */
  readonly fingerprint?: string;
  /** File (PEM) with the authority that signed its certificate. */
  readonly ca?: string;
  /** False: whoever answers is believed. */
  readonly verify?: boolean;
}

/** Compares a server's certificate with the pinned one; undefined: it is the one. */
export function pinMismatch(socket: TLSSocket, host: string, fingerprint: string): LabError | undefined {
  const shown = plain(socket.getPeerCertificate().fingerprint256 ?? '');
  if (
    fingerprint
      .split(/[\s,]+/)
      .map(plain)
      .includes(shown)
  )
    return undefined;
  return new LabError('certificate_refused', `${host} shows another certificate than the pinned one`, {
    hint: `if it was renewed on purpose, set fingerprint to ${shown}`,
  });
}

/**
 * The content of a certificate file.
 *
 * @param option its name in the options, for the error
 * @throws LabError `options_invalid`
 */
export function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = cause as Error;
    throw new LabError('options_invalid', `${option}: cannot read ${file}: ${message}`, { cause });
  }
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

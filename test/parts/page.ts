import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DESKTOP, type Look } from './browser.ts';

/** A page that somebody opened, and what it complained of. */
export interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of its scripts, and what its policy did not let it do. */
  readonly complaints: readonly string[];
  /** Whatever it asked for elsewhere. */
  readonly strangers: readonly string[];
}

/** Opens Labkeeper's page as a person does. @param token is asked for by the browser, where it is */
export async function openPage(
  browser: Browser,
  url: string,
  token?: string,
  { width, height, dark = false, language = 'en', reducedMotion = true }: Look = DESKTOP,
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    locale: language,
    ...(token !== undefined && { httpCredentials: { username: 'me', password: token } }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(new URL(url).origin) && !asked.startsWith('data:')) strangers.push(asked);
  });
  await page.goto(url);
  return { context, page, complaints, strangers };
}

/** The token `http` of an app, from its data folder. */
export async function tokenOf(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, 'token'), 'utf8');
  const [, token] = /^http (lk_\S+)$/m.exec(text) ?? [];
  if (token === undefined) throw new Error(`${folder}/token has no token “http”`);
  return token;
}

export interface Ingress {
  /** Where Home Assistant would show it, for the user with this id. */
  urlFor(user: string): string;
  close(): Promise<void>;
}

/**
 * A proxy as Home Assistant's: the page lies below a path that it does not know, and headers say whose request it is.
 *
 * @param from address that it asks from
 */
export async function startIngress(port: number, from: string): Promise<Ingress> {
  const server = http.createServer((incoming, outgoing) => {
    const [, user, where] = /^\/api\/hassio_ingress\/(\w+)(\/.*)$/.exec(incoming.url ?? '') ?? [];
    if (user === undefined || where === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    const asked = http.request(
      {
        ...{
          host: '127.0.0.1',
          port,
          path: where,
          method: incoming.method,
          localAddress: from,
          agent: false,
        },
        headers: {
          ...incoming.headers,
          ...{ 'x-remote-user-id': user, 'x-remote-user-display-name': user },
          ...{ 'x-ingress-path': `/api/hassio_ingress/${user}`, 'x-forwarded-host': incoming.headers.host },
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => asked.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    urlFor: (user) => `http://127.0.0.1:${own}/api/hassio_ingress/${user}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

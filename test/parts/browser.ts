import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Access } from './integration.ts';

/** How somebody looks at a page. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly language?: string;
  readonly reducedMotion?: boolean;
}

export const DESKTOP: Look = { width: 1_440, height: 900 };
export const PHONE: Look = { width: 390, height: 844 };

/** Debian's Chromium, or the one that `CHROMIUM` names. It asks nobody for anything but what a page asks for. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ].concat(
      // A page that was handed in (below) has no address of its own, so loopback would be another network to it.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
    ),
  });

/** A browser that is signed in to Home Assistant with the token. */
export async function signedIn(
  browser: Browser,
  { url, token }: Access,
  { width, height, dark = false, language = 'en', reducedMotion = true }: Look = DESKTOP,
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    locale: language,
    serviceWorkers: 'block',
  });
  const tokens = {
    ...{ access_token: token, token_type: 'Bearer', refresh_token: '', expires_in: 315_360_000 },
    ...{ hassUrl: url, clientId: `${url}/`, expires: Date.now() + 315_360_000_000 },
  };
  await context.addInitScript(
    ([text, language]) => {
      localStorage.setItem('hassTokens', text as string);
      localStorage.setItem('selectedLanguage', JSON.stringify(language));
    },
    [JSON.stringify(tokens), language],
  );
  // Whatever changes the machine's addresses (an engine that makes a bridge) has Chromium drop all that it is loading. What
  // Node.js loads for it, it does not. Nothing but Home Assistant is there to be asked.
  await context.route('**', async (route) => {
    if (!route.request().url().startsWith(url)) return route.abort();
    try {
      await route.fulfill({ response: await route.fetch({ maxRedirects: 0 }) });
    } catch {
      // The page was closed meanwhile.
    }
  });
  return { context, page: await context.newPage() };
}

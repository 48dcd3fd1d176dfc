import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { callerOf, reachOf } from '../guard.ts';
import { Html, html } from '../page/html.ts';
import { labRows } from '../page/lab-rows.ts';
import { SCRIPT, STYLE } from '../page/style.ts';
import { pageView } from '../page/view.ts';
import type { HttpParts } from '../parts.ts';

const JOBS = 10;

/** The page for people: complete as it is sent; its script keeps it fresh. All of its addresses are relative. */
export function addPageRoutes(app: FastifyInstance, parts: HttpParts): void {
  const {
    version,
    clock,
    lab,
    findings,
    buildOut,
    kinds,
    executor,
    systems,
    actions,
    deleted,
    access,
    recordings,
  } = parts;
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const mayOperate = reachOf(caller, executor.allow) !== 'observe';
    const { header, main } = pageView({
      ...{ version, now: clock.now(), systems: systems(), deleted: deleted() },
      findings: findings.all(),
      buildOut: buildOut.view(),
      lab: labRows(lab.all(), kinds),
      jobs: executor.jobs({ limit: JOBS }),
      riskOf: (action) => actions.find(({ id }) => id === action)?.risk,
      titleOf: (action) => actions.find(({ id }) => id === action)?.title ?? action,
      nameOf: (id) => lab.get(id)?.name ?? systems().find(({ owner }) => owner === id)?.title ?? id,
      mayOperate,
      recording: mayOperate && caller.administrator !== false ? recordings?.state : undefined,
      tokens: caller.owner
        ? access.tokens.all().map((token) => ({ ...token, token: access.tokens.reveal(token.name) }))
        : undefined,
    });
    const nonce = randomBytes(16).toString('base64');
    reply.header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    );
    return reply.type('text/html; charset=utf-8').send(
      html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Labkeeper</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="30"></noscript>
<style nonce="${nonce}">${new Html(STYLE)}</style></head>
<body><header>${header}</header><main>${main}</main>
<script type="module" nonce="${nonce}">${new Html(SCRIPT)}</script></body></html>
`.text,
    );
  });
}

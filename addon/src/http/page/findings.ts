import type { OwnedFinding, Severity } from '../../contract/finding.ts';
import { type Html, html } from './html.ts';

export interface FindingsModel {
  /** The gravest first. */
  readonly findings: readonly OwnedFinding[];
  /** A resource's name or a system's title, by its id. */
  readonly nameOf: (about: string) => string;
}

const MOODS: Readonly<Record<Severity, string>> = { problem: 'bad', warning: 'warn', info: 'idle' };
/** More are for programs. */
const MOST = 100;

/** What needs attention; what is only good to know is folded away. */
export function findingsView({ findings, nameOf }: FindingsModel): readonly (Html | undefined)[] {
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const known = findings.filter(({ severity }) => severity === 'info');
  return [
    grave.length === 0
      ? undefined
      : html`<section><h2>What needs attention</h2>${list(grave, nameOf)}</section>`,
    known.length === 0
      ? undefined
      : html`<section><details id="good-to-know"><summary>Good to know <span class="kind">${known.length}</span></summary>
        ${list(known, nameOf)}</details></section>`,
  ];
}

function list(findings: readonly OwnedFinding[], nameOf: FindingsModel['nameOf']): Html {
  const more = findings.length - MOST;
  return html`<ul class="findings">${findings.slice(0, MOST).map((one) => item(one, nameOf))}</ul>
    ${more > 0 && html`<p class="note">and ${more} more: <code>api/lab</code> has all of them</p>`}`;
}

function item(
  { severity, owner, key, about, title, message, remedy, commands = [] }: OwnedFinding,
  nameOf: FindingsModel['nameOf'],
): Html {
  const id = `${owner} ${key}`;
  const lines = commands.join('\n');
  return html`<li><p><span class="state ${MOODS[severity]}"><span class="unseen">${severity}: </span></span><b>${title}</b>
    <span class="kind" title="${about}">${nameOf(about)}</span></p>
    <p>${message}</p>${remedy !== undefined && html`<p class="hint">${remedy}</p>`}${
      commands.length > 0 &&
      html`<div class="commands"><pre><code>${lines}</code></pre><button type="button" id="copy ${id}" data-copy
        aria-label="Copy these lines">Copy</button></div>`
    }</li>`;
}

import { isOver, type Job } from '../../actions/job.ts';
import type { DeletedDevice, RecordingState, SystemHealth } from '../parts.ts';
import type { Token } from '../tokens.ts';
import { type BuildOutModel, buildOutView } from './build-out.ts';
import { type FindingsModel, findingsView } from './findings.ts';
import { type Html, html } from './html.ts';
import type { LabRow } from './lab-rows.ts';
import { recordingView } from './recording.ts';

/** All that the page shows. */
export interface PageModel extends FindingsModel, BuildOutModel {
  readonly version: string;
  readonly now: number;
  readonly systems: readonly SystemHealth[];
  readonly lab: readonly LabRow[];
  readonly jobs: readonly Job[];
  readonly deleted: readonly DeletedDevice[];
  /** An action's name for people, by its id. */
  readonly titleOf: (action: string) => string;
  /** undefined: who looks may not make one. */
  readonly recording: RecordingState | undefined;
  /** undefined: who looks may not see them. */
  readonly tokens: readonly (Token & { readonly token: string | undefined })[] | undefined;
}

/** A table with more lines is for programs. */
const MOST_LINES = 1_000;

/** The inner part of the page. */
export function pageView(model: PageModel): { header: Html; main: Html } {
  const down = model.systems.filter(({ reachable }) => !reachable).length;
  const health =
    model.systems.length === 0
      ? 'No system is configured yet'
      : down === 0
        ? 'All systems answer'
        : `${down} of ${model.systems.length} systems ${down === 1 ? 'does' : 'do'} not answer`;
  return {
    header: html`<h1>Labkeeper</h1><p id="note">${health} · version ${model.version}</p>`,
    main: html`${findingsView(model)}${systems(model)}${buildOutView(model)}${deleted(model)}${lab(model)}${jobs(model)}${recordingView(model.recording, model.now)}${tokens(model)}`,
  };
}

function systems({ systems: all }: PageModel): Html {
  if (all.length === 0) {
    return html`<section><h2>Welcome</h2>
      <p>Tell Labkeeper of the systems of your lab: in Home Assistant on the app’s tab “Configuration”, elsewhere in the
      file that <code>LABKEEPER_OPTIONS</code> names. After a restart they show here and as devices in Home Assistant.</p>
      <p>There, set up ${mine('mqtt', 'its MQTT integration')}, on the broker that Labkeeper uses, and
      ${mine('labkeeper', 'the integration Labkeeper')}, for actions and the card.</p></section>`;
  }
  const lines = all.map(
    ({ owner, title, reachable, traffic }) => html`<tr>
      <td class="name">${title}<br><span class="kind">${owner}</span></td>
      <td><span class="state ${reachable ? 'good' : 'bad'}">${reachable ? 'connected' : 'does not answer'}</span></td>
      <td class="number wide">${traffic.callsPerMinute === null ? '–' : traffic.callsPerMinute.toFixed(1)}</td>
      <td class="number wide">${traffic.p95 === null ? '–' : `${Math.round(traffic.p95)} ms`}</td>
      <td class="number wide">${traffic.errors}</td>
      <td class="${reachable ? 'hint' : 'problem'}">${traffic.lastError ?? ''}</td></tr>`,
  );
  return html`<section><h2>Systems</h2><table><thead><tr><th>System</th><th>State</th>
    <th class="number wide">Calls/min</th><th class="number wide">Latency (95 %)</th><th class="number wide">Errors</th>
    <th>Last error</th></tr></thead><tbody>${lines}</tbody></table></section>`;
}

/** A link that opens the set-up of an integration in the Home Assistant of whoever follows it. */
const mine = (domain: string, text: string): Html =>
  html`<a href="https://my.home-assistant.io/redirect/config_flow_start/?domain=${domain}" target="_blank" rel="noreferrer">${text}</a>`;

function deleted({ deleted: all, now, mayOperate }: PageModel): Html | undefined {
  if (all.length === 0) return undefined;
  const lines = all.map(
    ({ id, name, at }) => html`<tr><td class="name">${name}<br><span class="kind">${id}</span></td>
      <td class="when">${ago(at, now)}</td><td class="number">${
        mayOperate &&
        html`<button type="button" id="back-${id}" data-action="bring_back" data-id="${id}">Bring back</button>`
      }</td></tr>`,
  );
  return html`<section><h2>Deleted in Home Assistant</h2>
    <p class="note">The lab has these, but their devices were deleted in Home Assistant, so they are not published.</p>
    <table><thead><tr><th>Device</th><th>Deleted</th><th></th></tr></thead><tbody>${lines}</tbody></table></section>`;
}

function lab({ lab: rows }: PageModel): Html | undefined {
  if (rows.length === 0) return undefined;
  const lines = rows.slice(0, MOST_LINES).map(
    ({
      id,
      depth,
      name,
      kind,
      available,
      hasLog,
      links,
      state,
      mood,
      readings,
    }) => html`<tr class="${available ? '' : 'gone'}">
      <td class="name depth-${depth}" title="${id}">${name}</td><td class="kind">${kind}${hasLog && html` <a href="api/log?id=${encodeURIComponent(id)}" target="_blank">log</a>`}${links.map(({ title, url }) => html` <a href="${url}" target="_blank" rel="noreferrer">${title}</a>`)}</td>
      <td><span class="state ${mood}">${state}</span></td>
      <td class="readings">${readings.map((one) => html`<span>${one.name} <b>${one.value}</b></span> `)}</td></tr>`,
  );
  const more = rows.length - MOST_LINES;
  return html`<section><h2>Lab</h2><table><thead><tr><th>Name</th><th class="kind">Kind</th><th>State</th>
    <th>Readings</th></tr></thead><tbody>${lines}</tbody></table>
    ${more > 0 && html`<p class="note">and ${more} more: <code>api/lab</code> has all of them</p>`}</section>`;
}

const MOODS: Partial<Record<Job['state'], string>> = { succeeded: 'good', failed: 'bad', unknown: 'warn' };

function jobs({ jobs: all, titleOf, nameOf, now, mayOperate }: PageModel): Html | undefined {
  if (all.length === 0) return undefined;
  const lines = all.map((job) => {
    const { id, action, target, state, step, progress, user, door, created, error } = job;
    return html`<tr>
      <td class="name">${titleOf(action)}: ${nameOf(target)}</td>
      <td><span class="state ${MOODS[state] ?? ''}">${state}</span>${state === 'running' && html` <span class="kind">${step}${progress !== null && ` (${Math.round(progress * 100)} %)`}</span>`}</td>
      <td class="kind">${user === 'unknown' || user === door ? door : `${user} (${door})`}</td><td class="when">${ago(created, now)}</td>
      <td>${error && html`<span class="problem">${error.message}</span> <span class="hint">${error.hint}</span>`}${
        mayOperate &&
        !isOver(job) &&
        html`<button type="button" id="cancel-${id}" data-action="cancel_job" data-input="${JSON.stringify({ job: id })}">Cancel</button>`
      }</td>
      </tr>`;
  });
  return html`<section><h2>Commands of late</h2><table><thead><tr><th>What</th><th>Outcome</th><th class="kind">Who</th>
    <th>When</th><th></th></tr></thead><tbody>${lines}</tbody></table></section>`;
}

function tokens({ tokens: all, now }: PageModel): Html | undefined {
  if (all === undefined || all.length === 0) return undefined;
  const lines = all.map(
    ({
      name,
      ceiling,
      token,
      last_used,
    }) => html`<tr><td class="name">${name}</td><td class="kind">${ceiling}</td>
      <td class="when">${last_used === null ? 'never' : ago(last_used, now)}</td>
      <td><code>${token ?? 'not kept in the file any more'}</code></td></tr>`,
  );
  return html`<section><details id="tokens"><summary>Tokens</summary>
    <p class="note">Whoever has one may do what it is for. Home Assistant’s integration gets “homeassistant”, programs
    get “http”.</p>
    <table><thead><tr><th>Name</th><th class="kind">At most</th><th>Used</th><th>Token</th></tr></thead>
    <tbody>${lines}</tbody></table></details></section>`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

function ago(time: string, now: number): Html {
  const seconds = Math.round((now - Date.parse(time)) / 1_000);
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ['moment', 1];
  const count = Math.floor(seconds / length);
  const text = unit === 'moment' ? 'just now' : `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  return html`<time datetime="${time}" title="${time}">${text}</time>`;
}

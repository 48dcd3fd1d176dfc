import type { RecordingState } from '../parts.ts';
import { type Html, html } from './html.ts';

const KIB = 1024;

/** How to make a recording for a bug report. @param recording undefined: who looks may not, or there is nothing to record */
export function recordingView(recording: RecordingState | undefined, now: number): Html | undefined {
  if (recording === undefined) return undefined;
  const { until, error, file } = recording;
  const left = until === undefined ? 0 : Math.max(1, Math.ceil((until - now) / 60_000));
  return html`<section><details id="recording"><summary>Report a bug</summary>
    <p>A recording of what your systems answer says more than any description. It takes five minutes. Names, addresses
    and serials are replaced by made-up ones, and secrets are left out, before anything is written. Look through the file
    before you give it to anybody.</p>
    ${error !== undefined && html`<p class="problem">The last recording failed: ${error}</p>`}
    <p>${
      until === undefined
        ? html`<button type="button" id="record" data-post="api/recording">Record</button>`
        : html`<span class="state good">recording, ${left} more ${left === 1 ? 'minute' : 'minutes'}</span>`
    } ${
      file !== undefined &&
      html`<a href="api/recording/file" download="${file.name}">${file.name}</a>
      <span class="kind">${Math.ceil(file.bytes / KIB)} KiB</span>`
    }</p></details></section>`;
}

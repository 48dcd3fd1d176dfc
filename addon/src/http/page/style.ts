/** Of the page. Colours follow the system's light or dark mode; nothing is loaded from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f7f9, #14171a);
  --card: light-dark(#fff, #1c2024);
  --line: light-dark(#e3e6ea, #2c3238);
  --text: light-dark(#1d2329, #e4e7ea);
  --faint: light-dark(#616b75, #97a1ab);
  --accent: light-dark(#0b6bcb, #6cb2f5);
  --good: light-dark(#1a7f4b, #4cc38a);
  --bad: light-dark(#c02b2b, #ff8585);
  --warn: light-dark(#8f5a00, #eab04d);
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 1.5rem clamp(.75rem, 3vw, 2.5rem) 3rem; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
main, header { max-width: 72rem; margin: 0 auto; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; margin-bottom: 1.25rem; }
h1 { font-size: 1.5rem; font-weight: 650; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1rem; font-weight: 600; margin: 0 0 .5rem; }
header p, .note { margin: 0; color: var(--faint); }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem;
  margin-bottom: 1rem; overflow-x: auto;
}
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; color: var(--faint); font-size: .8rem; }
th, td { padding: .4rem 1rem .4rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td:last-child, th:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; padding-right: 1.5rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.name { font-weight: 500; overflow-wrap: anywhere; min-width: 9rem; }
.kind, .when { color: var(--faint); white-space: nowrap; font-size: .9rem; }
td.name .kind { white-space: normal; font-weight: 400; font-size: .8rem; }
.state { white-space: nowrap; }
.state::before {
  content: ''; display: inline-block; width: .55em; height: .55em; border-radius: 50%; margin-right: .5em;
  background: var(--faint);
}
.good::before { background: var(--good); }
.bad::before { background: var(--bad); }
.warn::before { background: var(--warn); }
.readings { color: var(--faint); font-size: .9rem; }
.readings span { white-space: nowrap; margin-right: 1.1em; }
.readings b { color: var(--text); font-weight: 500; font-variant-numeric: tabular-nums; }
.gone td { color: var(--faint); }
.gone .name { color: var(--faint); font-weight: 400; }
.problem { color: var(--bad); overflow-wrap: anywhere; }
.hint { color: var(--faint); }
button {
  font: inherit; color: var(--accent); background: none; border: 1px solid var(--line); border-radius: 6px;
  padding: .1rem .7rem; cursor: pointer;
}
button:hover { border-color: var(--accent); }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: .9em ui-monospace, 'SF Mono', Consolas, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
summary .kind { margin-left: .4em; }
h2 .kind { font-weight: 400; margin-left: .4em; }
.phase { display: inline-block; min-width: 8.5rem; }
progress { width: 9rem; accent-color: var(--accent); vertical-align: middle; }
details .findings { margin: .5rem 0 .8rem 1.05em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.findings { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere; }
.findings li { padding: .7rem 0 .7rem 1.05em; border-bottom: 1px solid var(--line); }
.findings li:first-child { padding-top: .2rem; }
.findings li:last-child { border-bottom: 0; padding-bottom: 0; }
.findings p { margin: 0; max-width: 60rem; }
.findings .state { margin-left: -1.05em; }
.findings b { font-weight: 600; }
.findings .kind { display: inline; margin-left: .5em; white-space: normal; }
.commands { display: flex; align-items: flex-start; gap: .6rem; margin-top: .4rem; }
.commands pre {
  flex: 1; min-width: 0; margin: 0; padding: .45rem .7rem; border-radius: 6px; background: var(--paper);
  border: 1px solid var(--line); white-space: pre-wrap; user-select: all;
}
.depth-1 { padding-left: 1.25rem; } .depth-2 { padding-left: 2.5rem; } .depth-3 { padding-left: 3.75rem; }
.depth-4 { padding-left: 5rem; } .depth-5 { padding-left: 6.25rem; }
th.kind { font-size: .8rem; }
@media (max-width: 640px) {
  .kind, .wide { display: none; }
  td.name .kind, summary .kind, h2 .kind { display: inline; }
  .findings .kind { display: block; margin: 0; }
  .commands { flex-direction: column; }
  .commands pre { align-self: stretch; }
  section { padding: .75rem; }
  th, td { padding-right: .6rem; }
  .name { min-width: 6rem; }
  .readings span { display: block; margin: 0; white-space: normal; }
  .depth-1 { padding-left: .5rem; } .depth-2 { padding-left: 1rem; } .depth-3 { padding-left: 1.5rem; }
  .depth-4 { padding-left: 2rem; } .depth-5 { padding-left: 2.5rem; }
}
`;

/** Keeps the page fresh, and sends what its buttons ask for. */
export const SCRIPT = `
const main = document.querySelector('main');
const open = () => new Set([...document.querySelectorAll('details[open]')].map((one) => one.id));
let busy = false;
async function refresh() {
  // Who has marked lines to copy them would lose them.
  const marked = getSelection().isCollapsed ? undefined : getSelection().anchorNode?.parentElement;
  if (busy || document.hidden || marked?.closest('.findings')) return;
  busy = true;
  try {
    const answer = await fetch('./', { headers: { accept: 'text/html' } });
    if (!answer.ok) throw new Error();
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const opened = open();
    const focused = document.activeElement?.id;
    for (const one of fresh.querySelectorAll('details')) one.open = opened.has(one.id);
    main.replaceChildren(...fresh.querySelector('main').childNodes);
    document.querySelector('header').replaceChildren(...fresh.querySelector('header').childNodes);
    if (focused) document.getElementById(focused)?.focus();
  } catch {
    document.getElementById('note').textContent = 'Labkeeper does not answer.';
  } finally {
    busy = false;
  }
}
setInterval(refresh, 10000);
document.addEventListener('visibilitychange', refresh);
function copied(button) {
  const code = button.parentElement.querySelector('code');
  const range = document.createRange();
  range.selectNodeContents(code);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  // navigator.clipboard exists by https only, and the page is mostly read by http.
  const done = document.execCommand('copy');
  if (done) getSelection().removeAllRanges();
  return done;
}
main.addEventListener('click', async ({ target }) => {
  if ('copy' in target.dataset) {
    target.textContent = copied(target) ? 'Copied' : 'Press Ctrl+C';
    return;
  }
  const { action, id, input = '{}', post } = target.dataset;
  if (!action && !post) return;
  target.disabled = true;
  try {
    const answer = await fetch(post ?? 'api/actions/' + encodeURIComponent(action), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(post ? {} : { target: id, input: JSON.parse(input), wait_s: 5 }),
    });
    const body = await answer.json();
    const problem = body.job?.error ?? (answer.ok ? undefined : body);
    if (problem) throw new Error([problem.message, problem.hint].filter(Boolean).join('; '));
  } catch (error) {
    target.disabled = false;
    const note = document.createElement('p');
    note.className = 'problem';
    note.setAttribute('role', 'alert');
    note.textContent = error.message;
    target.closest('section').append(note);
    return;
  }
  refresh();
});
`;

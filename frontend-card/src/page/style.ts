import { css } from 'lit';

/** What all parts of the page are drawn with, beside the tokens of the views. */
export const pageStyle = css`
  :host {
    display: block;
  }
  h1 {
    font-size: 22px;
    line-height: 28px;
    font-weight: 600;
    letter-spacing: -0.01em;
    margin: 0;
  }
  h2 {
    font-size: 15px;
    line-height: 20px;
    font-weight: 600;
    margin: 0;
  }
  h3 {
    font-size: 13px;
    font-weight: 600;
    margin: 0;
  }
  p {
    margin: 0;
  }
  .about {
    color: var(--lk-dim);
    max-inline-size: 70ch;
    margin-block: 4px 16px;
  }
  .card {
    background: var(--lk-card);
    border: 1px solid var(--lk-line);
    border-radius: var(--lk-radius);
    padding: 16px;
    margin-block-end: 12px;
    min-inline-size: 0;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    min-inline-size: 0;
  }
  .grow {
    flex: 1 1 auto;
    min-inline-size: 0;
  }
  .text {
    overflow-wrap: anywhere;
    max-inline-size: 75ch;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  a {
    color: light-dark(#01629b, #4fc3f7);
  }
  button.plain,
  button.do,
  a.plain {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 6px 12px;
    border: 1px solid var(--lk-line);
    border-radius: 8px;
    color: var(--lk-text);
    font-size: 14px;
    line-height: 20px;
    text-decoration: none;
    cursor: pointer;
  }
  button.plain:hover,
  a.plain:hover {
    background: var(--lk-softer);
  }
  button.do {
    background: var(--lk-text);
    border-color: var(--lk-text);
    color: var(--lk-card);
    font-weight: 500;
  }
  button.do.disrupt {
    background: light-dark(#8f5200, #ffb74d);
    border-color: transparent;
    color: light-dark(#fff, #1d1f23);
  }
  button.do.destroy {
    background: light-dark(#c62828, #ff7a73);
    border-color: transparent;
    color: light-dark(#fff, #1d1f23);
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  label {
    display: grid;
    gap: 4px;
  }
  input,
  select,
  textarea {
    box-sizing: border-box;
    inline-size: 100%;
    padding: 7px 10px;
    font: inherit;
    color: var(--lk-text);
    background: var(--lk-page);
    border: 1px solid light-dark(#8b929b, #6b737d);
    border-radius: 8px;
  }
  input[type='checkbox'] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    flex: none;
    accent-color: var(--lk-accent);
  }
  textarea,
  code,
  pre {
    font-family: ui-monospace, 'SF Mono', Consolas, monospace;
    font-size: 13px;
  }
  code {
    overflow-wrap: anywhere;
  }
  pre {
    margin: 0;
    padding: 10px 12px;
    border-radius: 8px;
    background: var(--lk-soft);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .fault {
    color: var(--lk-problem);
    font-size: 13px;
  }
  .small {
    font-size: 13px;
    line-height: 18px;
  }
  .tag {
    font-size: 12px;
    line-height: 16px;
    padding: 1px 8px;
    border-radius: 10px;
    background: var(--lk-softer);
    color: var(--lk-dim);
    white-space: nowrap;
  }
  .tag.disrupt {
    color: light-dark(#8f5200, #ffb74d);
  }
  .tag.destroy {
    color: var(--lk-problem);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    inline-size: 100%;
  }
  th {
    text-align: start;
    font-size: 12px;
    font-weight: 500;
    color: var(--lk-dim);
  }
  th,
  td {
    padding: 8px 16px 8px 0;
    vertical-align: top;
    border-block-end: 1px solid var(--lk-line);
  }
  tbody tr:last-child td {
    border-block-end: 0;
  }
  .when {
    white-space: nowrap;
    color: var(--lk-dim);
  }
  ul.list {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  summary {
    cursor: pointer;
  }
  @media (max-width: 700px) {
    .card {
      padding: 12px;
    }
    .wide {
      display: none;
    }
    th,
    td {
      padding-inline-end: 10px;
    }
  }
`;

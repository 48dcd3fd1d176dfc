import { css } from 'lit';

export const deedsStyle = css`
  :host {
    display: grid;
    gap: 8px;
  }
  h3 {
    margin: 8px 0 0;
    font-size: 12px;
    line-height: 16px;
    font-weight: 500;
    color: var(--lk-dim);
  }
  p {
    margin: 0;
  }
  .deeds,
  .confirm {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .deed,
  .plain,
  .do {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
    padding: 0 14px 0 10px;
    border-radius: 18px;
    background: var(--lk-softer);
    font-weight: 500;
  }
  .deed:hover,
  .plain:hover {
    background: color-mix(in srgb, var(--lk-text) 12%, transparent);
  }
  .deed.chosen {
    box-shadow: inset 0 0 0 2px var(--lk-accent);
  }
  .deed.disrupt .icon {
    color: var(--lk-warning);
  }
  .deed.destroy .icon {
    color: var(--lk-problem);
  }
  .icon {
    inline-size: 18px;
    block-size: 18px;
    color: var(--lk-dim);
  }
  .confirm {
    justify-content: flex-end;
  }
  .plain,
  .do {
    padding: 0 16px;
  }
  .plain {
    background: none;
  }
  .do {
    background: var(--lk-strong);
    color: var(--lk-on-strong);
  }
  .do.disrupt,
  .do.destroy {
    background: var(--lk-problem);
    color: light-dark(#fff, #1c1f23);
  }
  .do[aria-disabled='true'] {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .sheet {
    display: grid;
    gap: 10px;
    padding: 14px;
    border-radius: var(--lk-inner);
    background: var(--lk-soft);
  }
  ol {
    margin: 0;
    padding-inline-start: 20px;
    display: grid;
    gap: 6px;
  }
  code {
    display: block;
    font-size: 12px;
    line-height: 16px;
    color: var(--lk-dim);
    overflow-wrap: anywhere;
    direction: ltr;
  }
  .checks {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 4px;
    font-size: 13px;
  }
  .checks li,
  .refusal,
  .job {
    display: flex;
    gap: 8px;
    align-items: baseline;
    overflow-wrap: anywhere;
  }
  .checks .shape,
  .refusal .shape,
  .job .shape {
    transform: translateY(1px);
  }
  label {
    display: grid;
    gap: 6px;
  }
  input {
    font: inherit;
    padding: 8px 12px;
    color: inherit;
    background: var(--lk-card);
    border: 1px solid var(--lk-dim);
    border-radius: 8px;
  }
`;

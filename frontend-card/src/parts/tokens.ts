import { css } from 'lit';

/**
 * Everything that parts are drawn with: Home Assistant's variables where there are some, else our own for light and dark.
 * Four colours say something (well, warning, problem, choice); all else is text and grey.
 */
export const tokens = css`
  :host {
    --lk-text: var(--primary-text-color, light-dark(#1d1f23, #e7e9ec));
    --lk-dim: var(--secondary-text-color, light-dark(#5c636d, #a3abb5));
    --lk-line: var(--divider-color, light-dark(#e1e4e8, #33373d));
    --lk-card: var(--ha-card-background, var(--card-background-color, light-dark(#fff, #1c1f23)));
    --lk-page: var(--primary-background-color, light-dark(#f4f5f7, #121417));
    --lk-soft: color-mix(in srgb, var(--lk-text) 4%, transparent);
    --lk-softer: color-mix(in srgb, var(--lk-text) 7%, transparent);
    --lk-accent: var(--primary-color, light-dark(#0277bd, #4fc3f7));
    --lk-ok: light-dark(#2e7d4f, #66bb8a);
    --lk-warning: light-dark(#b26a00, #ffb74d);
    --lk-problem: light-dark(#c62828, #ff7a73);
    --lk-away: var(--lk-dim);
    /* What a button is filled with: dark enough for its text, whatever the theme's colour is. */
    --lk-strong: light-dark(#01579b, #81d4fa);
    --lk-on-strong: light-dark(#fff, #12212b);
    /* Not the card's own: that is 0 where the card is all of a view. */
    --lk-radius: var(--ha-border-radius-lg, 12px);
    --lk-inner: 10px;
    --lk-gap: 8px;
    color: var(--lk-text);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, system-ui, sans-serif));
    font-size: 14px;
    line-height: 20px;
  }
  :host([dark]) {
    color-scheme: dark;
  }
  :host([light]) {
    color-scheme: light;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button {
    all: unset;
    box-sizing: border-box;
    cursor: pointer;
    border-radius: var(--lk-inner);
    -webkit-tap-highlight-color: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--lk-accent);
    outline-offset: 1px;
  }
  .dim {
    color: var(--lk-dim);
  }
  .num {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    /* A number stands before its unit, whichever way the page reads. */
    unicode-bidi: plaintext;
  }
  .name {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: plaintext;
    text-align: match-parent;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  progress {
    appearance: none;
    inline-size: 100%;
    block-size: 6px;
    border: none;
    border-radius: 3px;
    overflow: hidden;
    background: var(--lk-softer);
  }
  progress::-webkit-progress-bar {
    background: var(--lk-softer);
  }
  progress::-webkit-progress-value {
    background: var(--lk-accent);
  }
  progress::-moz-progress-bar {
    background: var(--lk-accent);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

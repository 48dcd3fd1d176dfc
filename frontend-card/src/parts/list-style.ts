import { css } from 'lit';

/** What views that are lists have in common. */
export const listStyle = css`
  :host {
    display: grid;
    gap: 16px;
    container: list / inline-size;
  }
  section {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  h3 {
    display: flex;
    align-items: baseline;
    gap: 8px;
    margin: 0;
    font-size: 13px;
    line-height: 20px;
    font-weight: 500;
    color: var(--lk-dim);
  }
  p {
    margin: 0;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr));
    gap: 10px;
  }
  .tile {
    display: flex;
    flex-direction: column;
    gap: 10px;
    padding: 12px;
    border-radius: var(--lk-inner);
    background: var(--lk-soft);
    min-inline-size: 0;
  }
  button.tile {
    display: flex;
  }
  button.tile:hover,
  .row:hover {
    background: var(--lk-softer);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
  }
  .top .name {
    flex: 1;
    font-weight: 500;
  }
  .small {
    font-size: 12px;
    line-height: 16px;
  }
  .rows {
    display: grid;
    border-radius: var(--lk-inner);
    background: var(--lk-soft);
    overflow: hidden;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 12px;
    min-inline-size: 0;
    border-radius: 0;
  }
  .row + .row,
  .line + .line {
    border-block-start: 1px solid var(--lk-line);
  }
  .row .name {
    flex: 0 1 auto;
    font-weight: 500;
  }
  .row .dim.name {
    font-weight: 400;
  }
  .row .end,
  .top .end {
    margin-inline-start: auto;
    flex: none;
  }
  .icon {
    inline-size: 18px;
    block-size: 18px;
    flex: none;
    color: var(--lk-dim);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .gauges {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    gap: 16px;
  }
`;

import { css } from 'lit';

/** Boxes in boxes, told apart by one line, one tint and white again: never darker with depth. */
export const branchStyle = css`
  :host {
    display: block;
    min-inline-size: 0;
    container: box / inline-size;
  }
  .box {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-inline-size: 0;
    block-size: 100%;
  }
  .depth-0 {
    padding: 14px;
    gap: 14px;
    border: 1px solid var(--lk-line);
    border-radius: var(--lk-radius);
  }
  :host([plain]) .box {
    padding: 0;
    border: none;
    background: none;
    block-size: auto;
  }
  .depth-1 {
    gap: 12px;
    padding-block-start: 14px;
    border-block-start: 1px solid var(--lk-line);
  }
  .depth-2,
  .depth-1.guest {
    padding: 12px;
    border: none;
    border-radius: var(--lk-inner);
    background: var(--lk-soft);
  }
  .depth-3 {
    padding: 10px;
    gap: 8px;
    border-radius: var(--lk-inner);
    border: 1px solid var(--lk-line);
    background: var(--lk-card);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 12px;
    min-inline-size: 0;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 12px;
    min-inline-size: 0;
    flex: 1 1 120px;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    flex: none;
    border-radius: 50%;
    background: var(--lk-softer);
    color: var(--lk-dim);
  }
  .icon {
    inline-size: 20px;
    block-size: 20px;
  }
  .titles {
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 500;
    min-inline-size: 0;
  }
  .sub {
    font-size: 12px;
    line-height: 16px;
  }
  .gauges {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 108px;
    gap: 16px;
    flex: none;
  }
  .fold {
    padding: 4px;
    margin-inline-end: -4px;
    color: var(--lk-dim);
    border-radius: 50%;
  }
  .fold:hover {
    background: var(--lk-softer);
  }
  .fold .icon {
    display: block;
    transform: rotate(90deg);
    transition: transform 0.2s;
  }
  .fold.folded .icon {
    transform: rotate(0deg);
  }
  .fold.folded:dir(rtl) .icon {
    transform: rotate(180deg);
  }
  .summary {
    margin: 0;
    font-size: 12px;
  }
  .boxes {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
    gap: 10px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .pair {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px;
    max-inline-size: 100%;
  }
  @container box (inline-size < 440px) {
    .gauges {
      order: 3;
      flex: 1 0 100%;
      grid-auto-columns: 1fr;
    }
  }
`;

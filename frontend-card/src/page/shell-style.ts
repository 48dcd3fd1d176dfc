import { css } from 'lit';

/** The frame of the page: its parts at the side, or above where there is no room for that. */
export const shellStyle = css`
  .frame {
    display: grid;
    grid-template-columns: 200px minmax(0, 1fr);
    max-inline-size: 1440px;
    margin-inline: auto;
  }
  nav {
    position: sticky;
    inset-block-start: 0;
    align-self: start;
    display: flex;
    flex-direction: column;
    gap: 2px;
    block-size: 100dvh;
    overflow-y: auto;
    padding: 20px 12px;
  }
  nav a {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 7px 12px;
    border-radius: 8px;
    color: var(--lk-text);
    text-decoration: none;
  }
  nav a:hover {
    background: var(--lk-softer);
  }
  nav a[aria-current] {
    background: var(--lk-softer);
    font-weight: 600;
  }
  nav a.brand {
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
    padding-block: 0;
    margin-block-end: 12px;
  }
  nav a.brand:hover {
    background: none;
  }
  nav hr {
    inline-size: calc(100% - 24px);
    margin: 8px 12px;
    border: 0;
    border-block-start: 1px solid var(--lk-line);
  }
  .count {
    font-size: 12px;
    font-weight: 500;
    padding: 0 7px;
    border-radius: 10px;
    background: var(--lk-accent);
    color: var(--lk-card);
  }
  .foot {
    margin-block-start: auto;
    padding: 12px 12px 0;
    font-size: 12px;
    line-height: 17px;
    overflow-wrap: anywhere;
  }
  main {
    padding: 20px 24px 48px 8px;
    outline: none;
    min-inline-size: 0;
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 10px 14px;
    margin-block-end: 12px;
    border: 1px solid var(--lk-line);
    border-radius: var(--lk-radius);
    background: var(--lk-card);
  }
  .skip {
    position: absolute;
    inset-inline-start: -999px;
  }
  .skip:focus {
    inset-inline-start: 12px;
    inset-block-start: 12px;
    z-index: 1;
    padding: 8px 12px;
    background: var(--lk-card);
  }
  @media (max-width: 900px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }
    nav {
      flex-direction: row;
      block-size: auto;
      overflow-x: auto;
      padding: 8px 12px;
      background: var(--lk-page);
      border-block-end: 1px solid var(--lk-line);
      scrollbar-width: none;
      z-index: 1;
    }
    nav a {
      flex: none;
    }
    nav hr,
    nav a.brand,
    .foot {
      display: none;
    }
    main {
      padding: 16px 12px 48px;
    }
  }
`;

// How the parts of the element stand beside each other, wide and narrow.
import { css } from "lit";

export const frame = css`
  :host { display: block; block-size: 100%; min-block-size: 30rem; color-scheme: light dark; container-type: inline-size; }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  :host([hidden]) { display: none; }
  .frame { block-size: 100%; min-block-size: inherit; display: flex; flex-direction: column; background: var(--_page); color: var(--_ink);
    position: relative; overflow: clip; text-align: start; }
  .pad { padding: 0.6rem 1rem; }
  .pad.top { padding-block: 0.25rem 0; inline-size: 100%; max-inline-size: 52rem; margin-inline: auto; }
  .skip { position: absolute; inset: 0.4rem auto auto 0.4rem; z-index: 5; background: var(--_raised); border-color: var(--_accent); }
  .skip:not(:focus) { clip-path: inset(50%); inline-size: 1px; block-size: 1px; min-block-size: 0; padding: 0; overflow: hidden; }
  .heading { padding: 0.5rem 1rem 0; font-size: 0.82em; font-weight: 600; color: var(--_muted); }
  .banner { display: flex; justify-content: space-between; align-items: center; gap: 0.4rem 1rem; flex-wrap: wrap; padding: 0.6rem 1rem;
    border-block-end: 1px solid var(--_line); background: var(--_surface); }
  .who { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.1rem; min-inline-size: 0; flex: 1 1 12rem; }
  h2 { font-size: 1.2em; font-weight: 650; letter-spacing: -0.005em; max-block-size: 3em; overflow: auto; }
  .facts { display: flex; flex-wrap: wrap; gap: 0 0.9rem; }
  .facts li + li { position: relative; }
  .facts li + li::before { content: ""; position: absolute; inset: 0.35em auto 0.35em -0.48rem; border-inline-start: 1px solid var(--_edge); }
  .died { color: var(--_unsupported); }
  .facts .unread { color: var(--_unread); font-weight: 600; }
  .views { display: flex; align-items: center; gap: 0.2rem; padding: 0 0.7rem 0 1rem; border-block-end: 1px solid var(--_line); }
  .grow { flex: 1; }
  [role="tablist"] { display: flex; gap: 1.2rem; }
  [role="tab"] { border: 0; border-radius: 0; padding: 0.35em 0.1em; min-block-size: 2.7em; color: var(--_muted); box-shadow: inset 0 -2px transparent; }
  [role="tab"]:hover { color: var(--_ink); }
  [role="tab"][aria-selected="true"] { color: var(--_ink); font-weight: 600; box-shadow: inset 0 -2px var(--_accent); }
  .body { flex: 1; min-block-size: 0; display: flex; position: relative; }
  .mid { flex: 1 1 0; min-inline-size: 0; display: flex; flex-direction: column; }
  .panel:not([hidden]) { flex: 1; min-block-size: 0; display: flex; flex-direction: column; }
  .scroller { position: relative; overflow: auto; overscroll-behavior: contain; flex: 1; min-block-size: 0; }
  .scroller:focus-visible { outline-offset: -2px; }
  .turns { padding: 0.4rem 1rem 1rem; }
  .turns > ol { display: grid; gap: 1.5rem; max-inline-size: 50rem; margin-inline: auto; }
  .turns li { min-inline-size: 0; }
  .empty { max-inline-size: 50rem; margin: clamp(0.8rem, 5vh, 3.5rem) auto 1rem; }
  .empty h3 { font-size: 1.45em; font-weight: 600; letter-spacing: -0.01em; margin-block-end: 0.2em; }
  .first { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 0.5rem; margin-block: 1.3rem; }
  .first button { padding: 0.75em 0.95em; }
  .unreadable { border: 1px solid var(--_unread); border-inline-start-width: 4px; border-radius: var(--_radius); padding: 0.6rem 0.9rem; }
  .unreadable p { color: var(--_unread); }
  .unreadable ul { list-style: disc; padding-inline-start: 1.3em; }
  .composer { padding: 0.4rem 1rem 0.6rem; inline-size: 100%; max-inline-size: 52rem; margin-inline: auto; }
  .field { display: flex; align-items: flex-end; gap: 0.4rem; border: 1px solid var(--_edge); border-radius: var(--_radius); padding: 0.35rem;
    background: var(--_raised); box-shadow: var(--_shadow); }
  .field:focus-within { border-color: var(--_accent); outline: 2px solid var(--_accent); outline-offset: 0; }
  .field textarea { border: 0; background: none; resize: none; field-sizing: content; min-block-size: 2.3em; max-block-size: 9em; padding: 0.4em 0.5em; }
  .field textarea#question:focus-visible { outline: none; }
  .field button { flex: none; }
  #hint { padding-block-start: 0.3rem; font-size: 0.8em; }
  ra-conversations:not([hidden]) { flex: none; inline-size: 17.5rem; order: -1; }
  .aside { flex: 0 0 clamp(21rem, 36%, 31rem); border-inline-start: 1px solid var(--_line); display: flex; flex-direction: column; min-block-size: 0; background: var(--_page); }
  .aside-head { display: flex; justify-content: space-between; align-items: center; padding: 0.3rem 0.6rem 0.3rem 1rem; border-block-end: 1px solid var(--_line); background: var(--_surface); }
  .aside .scroller, .sheet .scroller { padding: 0.9rem 1rem 2rem; }
  .sheet { position: fixed; inset: auto 0 0 0; margin: 0 auto; padding: 0; border: 1px solid var(--_line); border-block-end: 0; inline-size: 100%; max-inline-size: 44rem;
    block-size: 88dvh; max-block-size: 88dvh; border-radius: 14px 14px 0 0; background: var(--_page); color: var(--_ink); overflow: hidden; }
  .sheet[open] { display: flex; flex-direction: column; }
  .sheet::backdrop { background: rgb(8 16 20 / 55%); }
  .is-narrow ra-conversations:not([hidden]) { position: absolute; inset: 0; z-index: 3; inline-size: auto; border: 0; }
  .is-narrow .wide-only, .is-narrow .keys { display: none; }
  @media (prefers-reduced-motion: no-preference) {
    .aside { animation: in 0.16s ease-out; }
    @keyframes in { from { opacity: 0; } }
    .sheet[open] { animation: up 0.2s ease-out; }
    @keyframes up { from { translate: 0 8%; opacity: 0; } }
  }
  @container (max-width: 30rem) {
    .banner, .views, .turns, .composer, .pad { padding-inline: 0.75rem; }
    .facts { font-size: 0.93em; }
    .banner { flex-wrap: nowrap; align-items: flex-start; }
    .banner button { padding: 0.4em; flex: none; }
    .banner button span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  }
`;

// Colours, type and the few parts that all views share. `--ra-…` are the embedder's; `--_…` are ours.
import { css } from "lit";

export const tokens = css`
  :host {
    --_font: var(--ra-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
    --_mono: var(--ra-font-mono, ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace);
    --_size: var(--ra-font-size, 15px);
    --_radius: var(--ra-radius, 8px);
    --_page: var(--ra-background, light-dark(#ffffff, #11191e));
    --_surface: var(--ra-surface, light-dark(#f4f7f8, #182228));
    --_raised: light-dark(#ffffff, #1e2a31);
    --_ink: var(--ra-text, light-dark(#14212a, #e4ecef));
    --_muted: var(--ra-muted, light-dark(#4d5f6a, #a3b4bd));
    --_line: var(--ra-line, light-dark(#d6dfe3, #2d3c45));
    --_edge: light-dark(#81939d, #6d818c);
    --_accent: var(--ra-accent, light-dark(#0b6070, #74cbd8));
    --_on-accent: var(--ra-on-accent, light-dark(#ffffff, #06272e));
    --_soft: color-mix(in oklab, var(--_accent) 11%, var(--_page));
    --_none: light-dark(#475762, #b0bec6);
    --_declined: light-dark(#54449c, #bdb1f2);
    --_unread: light-dark(#8a4b00, #f0b869);
    --_unsupported: light-dark(#a3262a, #f2a3a0);
    --_asks: light-dark(#1d5aa6, #93c0f5);
    --_mark: light-dark(#fff0b8, #54450f);
    --_shadow: 0 1px 2px light-dark(rgb(20 33 42 / 7%), rgb(0 0 0 / 40%));
  }
`;

export const base = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { font: 400 var(--_size)/1.5 var(--_font); color: var(--_ink); }
  h2, h3, h4, p, ul, ol, dl, dd, fieldset, figure { margin: 0; padding: 0; border: 0; font: inherit; min-inline-size: 0; }
  ul, ol { list-style: none; }
  svg { inline-size: 1.15em; block-size: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
    stroke-linecap: round; stroke-linejoin: round; vertical-align: -0.2em; }
  button, input, textarea, select { font: inherit; color: inherit; letter-spacing: inherit; }
  button { cursor: pointer; background: none; border: 1px solid transparent; border-radius: calc(var(--_radius) - 2px);
    padding: 0.32em 0.7em; min-block-size: 2.15em; display: inline-flex; align-items: center; gap: 0.4em; text-align: start; }
  button:disabled { cursor: default; opacity: 0.55; }
  button.plain { border-color: var(--_line); background: var(--_raised); }
  button.plain:hover:not(:disabled), button.quiet:hover:not(:disabled) { background: var(--_soft); border-color: var(--_accent); }
  button.quiet { color: var(--_muted); }
  button.quiet:hover { color: var(--_ink); }
  button.main { background: var(--_accent); color: var(--_on-accent); font-weight: 600; }
  button.main:hover:not(:disabled) { background: color-mix(in oklab, var(--_accent) 86%, var(--_ink)); }
  button[aria-pressed="true"] { background: var(--_soft); border-color: var(--_accent); color: var(--_ink); font-weight: 600; }
  [tabindex="-1"]:focus { outline: none; }
  :focus-visible:not([tabindex="-1"]) { outline: 2px solid var(--_accent); outline-offset: 2px; }
  input:not([type="checkbox"]), textarea { background: var(--_page); border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) - 2px); padding: 0.4em 0.6em; inline-size: 100%; }
  input[type="checkbox"] { accent-color: var(--_accent); inline-size: 1.05em; block-size: 1.05em; margin: 0; flex: none; }
  ::placeholder { color: var(--_muted); opacity: 1; }
  legend { padding: 0; }
  summary { cursor: pointer; border-radius: 4px; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .muted { color: var(--_muted); }
  .small { font-size: 0.875em; }
  .num { font-variant-numeric: tabular-nums; }
  .words { overflow-wrap: anywhere; white-space: pre-wrap; }
  .label { font-size: 0.8em; font-weight: 600; color: var(--_muted); }
  .trouble { display: flex; gap: 0.6em; align-items: flex-start; padding: 0.7em 0.9em; border: 1px solid var(--_unsupported);
    border-inline-start-width: 4px; border-radius: var(--_radius); background: var(--_raised); overflow-wrap: anywhere; }
  .trouble svg { color: var(--_unsupported); margin-block-start: 0.2em; }
  .badge { font: 600 0.72em/1.7 var(--_mono); padding: 0 0.45em; border-radius: 4px; background: var(--_surface);
    border: 1px solid var(--_line); color: var(--_muted); flex: none; }
  @media (prefers-reduced-motion: no-preference) {
    .pulse { animation: pulse 1.4s ease-in-out infinite; }
    @keyframes pulse { 50% { opacity: 0.35; } }
    button { transition: background-color 0.12s, border-color 0.12s; }
  }
  @media (forced-colors: active) {
    button { border-color: ButtonBorder; }
    button.main { forced-color-adjust: none; background: Highlight; color: HighlightText; }
    button[aria-pressed="true"], [aria-selected="true"], [aria-current="true"] { outline: 2px solid Highlight; }
  }
`;

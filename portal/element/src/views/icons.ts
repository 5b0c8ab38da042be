// Drawn signs; each stands beside the words that say the same.
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

const SIGNS = {
  found: svg`<path d="M4 12.5 9.5 18 20 6.5"/>`,
  none: svg`<circle cx="12" cy="12" r="8.5"/><path d="M6 18 18 6"/>`,
  declined: svg`<path d="M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2z"/><path d="M8 12h8"/>`,
  unread: svg`<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v4.5M12 17.2v.1"/>`,
  misread: svg`<path d="M4 4.5h16v11.5h-8l-4.5 4v-4H4z"/><path d="M9 10.2h.1M12 10.2h.1M15 10.2h.1"/>`,
  failed: svg`<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6m0-6-6 6"/>`,
  asks: svg`<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5a2.8 2.8 0 1 1 4 2.6c-.9.5-1.3 1-1.3 2M12 17v.1"/>`,
  unsupported: svg`<path d="M12 3 4.5 6v5.5c0 4.5 3 7.8 7.5 9.5 4.5-1.7 7.5-5 7.5-9.5V6z"/><path d="m9.5 9.5 5 5m0-5-5 5"/>`,
  error: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.3v.1"/>`,
  fallback: svg`<path d="M4 7h11a5 5 0 0 1 0 10H8"/><path d="m8 3-4 4 4 4"/>`,
  assessed: svg`<path d="M9 18h6M10 21h4M8.5 15.5a6 6 0 1 1 7 0V18h-7z"/>`,
  narrow: svg`<path d="M3.5 5h17L14 13v6l-4-2v-4z"/>`,
  send: svg`<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="1"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>`,
  list: svg`<path d="M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  bin: svg`<path d="M4 7h16M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13"/>`,
  person: svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6"/>`,
  leave: svg`<path d="M14 4H5v16h9M10 12h10M16.5 8l4 4-4 4"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
  right: svg`<path d="M4 12.5 9.5 18 20 6.5"/>`,
  wrong: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  unclear: svg`<path d="M9 9a3.1 3.1 0 1 1 4.4 2.9c-1 .5-1.4 1.1-1.4 2.3M12 18v.1"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type Sign = keyof typeof SIGNS;

export const icon = (name: Sign): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SIGNS[name]}</svg>`;

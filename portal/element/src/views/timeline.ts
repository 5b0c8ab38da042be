// The record in the order of time, newest first, by year; each entry opens its resource.
import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import type { Client } from "../wire/client.ts";
import type { Happening, Kind } from "../wire/types.ts";
import { counted } from "../logic/outcome.ts";
import { lettersOf, wordOf } from "../logic/kinds.ts";
import { noteOf } from "../logic/wording.ts";
import { icon } from "./icons.ts";
import { base } from "./theme.ts";
import { saidOf, troubleLine } from "./trouble.ts";

const OPEN_AT_FIRST = 60;

export class TimelineView extends LitElement {
  static override properties = {
    client: { attribute: false }, patient: { attribute: false }, kinds: { attribute: false }, current: { attribute: false },
    onOpen: { attribute: false }, onProblem: { attribute: false },
    entries: { state: true }, total: { state: true }, said: { state: true }, chosen: { state: true }, words: { state: true },
    opened: { state: true },
  };
  declare client: Client;
  declare patient: string;
  declare kinds: Kind[];
  declare current: string;
  declare onOpen: (reference: string) => void;
  declare onProblem: (trouble: unknown) => void;
  declare entries: Happening[] | null;
  declare total: number;
  declare said: string;
  declare chosen: Set<string>;
  declare words: string;
  declare opened: Map<string, boolean>;

  constructor() {
    super();
    this.kinds = [];
    this.entries = null;
    this.total = 0;
    this.said = this.words = "";
    this.chosen = new Set();
    this.opened = new Map();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("patient") && !changed.has("client")) return;
    this.entries = null;
    void this.load();
  }

  override render() {
    if (this.said) return troubleLine(this.said, () => void this.load());
    if (!this.entries) return html`<p class="muted" role="status"><span class="pulse">Reading the timeline…</span></p>`;
    const shown = this.shown();
    const years = byYear(shown);
    let seen = 0;
    return html`
      ${this.filters()}
      ${shown.length ? nothing : html`<p class="muted empty">Nothing to show.</p>`}
      <p class="small muted" role="status">${this.count(shown.length)}</p>
      ${[...years].map(([year, entries]) => {
        const first = seen < OPEN_AT_FIRST;
        seen += entries.length;
        return this.year(year, entries, this.opened.get(year) ?? (first || Boolean(this.words)));
      })}
    `;
  }

  private filters() {
    const held = this.kinds.length ? this.kinds.map((one) => one.kind) : [...new Set(this.entries!.map((entry) => entry.kind))];
    const chosen = held.filter((kind) => this.chosen.has(kind)).map(this.labelOf);
    return html`<div class="filters">
      <div class="search">${icon("search")}<label class="hidden" for="words">Words in the timeline</label>
        <input id="words" type="search" placeholder="Words, e.g. diabetes" maxlength="100" autocomplete="off"
          @input=${(event: Event) => (this.words = (event.target as HTMLInputElement).value)} /></div>
      <details class="choose"><summary class="small">Kinds: <strong class="words">${chosen.join(", ") || "the most telling of all"}</strong></summary>
        <div class="kinds" role="group" aria-label="Kinds shown">${held.map((kind) => html`
          <button class="plain small" aria-pressed=${this.chosen.has(kind)} @click=${() => this.flip(kind)}>
            <span class="badge" aria-hidden="true">${lettersOf(kind)}</span> <span class="words">${this.labelOf(kind)}</span></button>`)}</div>
      </details>
    </div>`;
  }

  private year(year: string, entries: Happening[], open: boolean) {
    return html`<section>
      <h3><button class="year" aria-expanded=${open} @click=${() => this.turnOver(year, !open)}>
        <span class="num">${year}</span> <span class="muted small">${counted(entries.length, "entry")}</span></button></h3>
      ${open ? html`<ol>${entries.map((entry) => this.entry(entry))}</ol>` : nothing}
    </section>`;
  }

  private entry(entry: Happening) {
    const note = noteOf(entry.display, entry.note, entry.start);
    const [start, end] = [entry.start.slice(0, 10), (entry.end ?? "").slice(0, 10)];
    return html`<li><button class="entry" aria-current=${entry.reference === this.current ? "true" : nothing} @click=${() => this.onOpen(entry.reference)}>
      <span class="when num small muted">${start || "no date"}${end && end !== start ? html`<br />– ${end}` : nothing}</span>
      <span class="badge" aria-hidden="true">${lettersOf(entry.kind)}</span>
      <span class="what"><span class="hidden">${wordOf(entry.kind)}: </span><span class="words">${entry.display || entry.reference}</span>
        ${note ? html`<span class="small muted words">${note}</span>` : nothing}</span>
    </button></li>`;
  }

  private shown(): Happening[] {
    const words = this.words.toLowerCase().split(/\s+/).filter(Boolean);
    return this.entries!.filter((entry) => {
      const text = `${entry.display} ${entry.note} ${entry.start}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  private count(shown: number): string {
    const all = this.entries!.length;
    const rest = this.total > all ? ` There are ${this.total.toLocaleString("en")} in all.` : "";
    return (shown === all ? `${all.toLocaleString("en")} entries.` : `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} entries.`) + rest;
  }

  private labelOf = (kind: string): string => this.kinds.find((one) => one.kind === kind)?.label || wordOf(kind);

  private flip(kind: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(kind)) chosen.add(kind);
    this.chosen = chosen;
    void this.load();
  }

  private turnOver(year: string, open: boolean): void {
    this.opened = new Map(this.opened).set(year, open);
  }

  private async load(): Promise<void> {
    const { patient, chosen } = this;
    this.said = "";
    try {
      const { entries, total } = await this.client.timeline(patient, [...chosen]);
      if (patient !== this.patient || chosen !== this.chosen) return;
      this.entries = [...entries].sort((a, b) => b.start.localeCompare(a.start));
      this.total = total;
    } catch (trouble) {
      this.said = saidOf(trouble);
      this.onProblem(trouble);
    }
  }

  static override styles = [base, css`
    :host { display: block; max-inline-size: 60rem; margin-inline: auto; inline-size: 100%; padding: 0.9rem 1rem 2rem; }
    .filters { display: grid; gap: 0.6rem; margin-block-end: 0.5rem; }
    .search { position: relative; max-inline-size: 24rem; }
    .search svg { position: absolute; inset-block-start: 0.62em; inset-inline-start: 0.6em; color: var(--_muted); }
    .search input { padding-inline-start: 2.2em; }
    .choose summary { padding-block: 0.2em; }
    .kinds { margin-block-start: 0.4rem; display: flex; flex-wrap: wrap; gap: 0.35rem; }
    .kinds button { padding: 0.1em 0.6em 0.1em 0.4em; min-block-size: 1.9em; }
    section { margin-block-start: 0.5rem; }
    .year { font-size: 1.1em; font-weight: 650; inline-size: 100%; padding: 0.25em 0.3em; gap: 0.6em; border-radius: 0; border-block-end: 1px solid var(--_line);
      position: sticky; inset-block-start: 0; background: var(--_page); }
    .year::before { content: "▸" / ""; font-size: 0.8em; color: var(--_muted); inline-size: 0.8em; }
    .year[aria-expanded="true"]::before { content: "▾" / ""; }
    .year:hover { color: var(--_accent); }
    .entry { display: grid; grid-template-columns: 5.6rem 2.1rem 1fr; gap: 0 0.5rem; inline-size: 100%; padding: 0.3em 0.3em; align-items: baseline; }
    .entry:hover { background: var(--_soft); }
    .entry[aria-current] { background: var(--_mark); }
    .entry[aria-current] .muted { color: var(--_ink); }
    .entry .badge { justify-self: start; }
    .what { display: flex; flex-wrap: wrap; gap: 0 0.8em; align-items: baseline; min-inline-size: 0; }
    .empty { padding: 2rem 0; text-align: center; }
  `];
}

function byYear(entries: Happening[]): Map<string, Happening[]> {
  const years = new Map<string, Happening[]>();
  for (const entry of entries) {
    const year = entry.start.slice(0, 4) || "No date";
    const known = years.get(year);
    if (known) known.push(entry);
    else years.set(year, [entry]);
  }
  return years;
}

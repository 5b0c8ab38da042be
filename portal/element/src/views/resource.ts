// One resource beside the text: readable first, its series as a trend, JSON on demand with the cited value marked.
import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import type { Client } from "../wire/client.ts";
import { Problem } from "../wire/client.ts";
import type { Line, Path, Resource, Series } from "../wire/types.ts";
import { citedLines } from "../logic/cited.ts";
import { dated } from "../logic/wording.ts";
import { jsonLines } from "../logic/json.ts";
import { withOwnRange } from "../logic/ranges.ts";
import { lettersOf, wordOf } from "../logic/kinds.ts";
import { icon } from "./icons.ts";
import { base } from "./theme.ts";
import { saidOf, troubleLine } from "./trouble.ts";

/** A picture: its data URL, or why there is none. */
interface Shown {
  name: string;
  url: string;
  said: string;
}

/** What the page shows already, beside these lines. */
const ELSEWHERE = new Set(["reference", "patient"]);

export class ResourceView extends LitElement {
  static override properties = {
    client: { attribute: false }, patient: { attribute: false }, reference: { attribute: false },
    sentence: { attribute: false }, onOpen: { attribute: false }, onProblem: { attribute: false },
    resource: { state: true }, series: { state: true }, pictures: { state: true }, said: { state: true }, paths: { state: true }, raw: { state: true },
  };
  declare client: Client;
  declare patient: string;
  declare reference: string;
  declare sentence: string;
  declare onOpen: (reference: string) => void;
  declare onProblem: (trouble: unknown) => void;
  declare resource: Resource | null;
  declare series: Series[];
  declare pictures: Shown[];
  declare said: string;
  declare paths: Path[];
  declare raw: boolean;
  private cited: number[] = [];
  private lines: Line[] = [];

  constructor() {
    super();
    this.resource = null;
    this.series = [];
    this.pictures = [];
    this.said = this.sentence = "";
    this.paths = [];
    this.raw = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("reference")) void this.load();
  }

  override render() {
    if (this.said) return troubleLine(this.said, () => void this.load());
    const { resource } = this;
    if (!resource) return html`<p class="muted" role="status"><span class="pulse">Opening ${wordOf(kindOf(this.reference)).toLowerCase()}…</span></p>`;
    return html`
      <header>
        <span class="badge" aria-hidden="true">${lettersOf(resource.kind)}</span>
        <div>
          <h3 class="words" tabindex="-1">${resource.title || resource.reference}</h3>
          <p class="small muted words">${[wordOf(resource.kind), resource.status].filter(Boolean).join(" · ")}</p>
        </div>
      </header>
      ${resource.caution ? html`<p class="caution words">${icon("unread")} <span>${resource.caution}</span></p>` : nothing}
      <dl>${this.lines.map((line, i) => html`
        <div class=${this.cited.includes(i) ? "cited" : ""}>
          <dt><span class="first">${line.label}</span>${this.cited.includes(i) ? html` <span class="flag">cited</span>` : nothing}</dt>
          <dd class="words num">${dated(line.text)}</dd>
          ${line.path.length ? html`<dd class="to"><button class="quiet" @click=${() => void this.showJson([line.path])}
            aria-label="Show ${line.label} in the JSON" title="Show in the JSON">{ }</button></dd>` : nothing}
        </div>`)}</dl>
      ${this.pictures.map((picture) => html`<figure>
        ${picture.url ? html`<img src=${picture.url} alt=${picture.name}>` : nothing}
        <figcaption class="small muted words">${dated(picture.name)}${picture.said ? html` · ${picture.said}` : nothing}</figcaption>
      </figure>`)}
      ${this.series.length ? html`<ra-trend .series=${this.series} .current=${resource.reference} .onOpen=${this.onOpen}></ra-trend>` : nothing}
      <div class="raw">
        <button class="plain" aria-expanded=${this.raw} @click=${() => (this.raw ? (this.raw = false) : void this.showJson(this.paths))}>
          ${this.raw ? "Hide JSON" : "Show JSON"}</button>
        <code class="small muted words">${resource.reference}</code>
      </div>
      ${this.raw ? this.json(resource.json) : nothing}
    `;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h3")?.focus();
  }

  private json(value: unknown) {
    return html`<pre tabindex="0" role="region" aria-label="JSON of the resource">${jsonLines(value, this.paths).map((line) => {
      const tokens = line.tokens.map((token) => html`<span class=${token.kind}>${token.text}</span>`);
      const text = html`${"  ".repeat(line.depth)}${tokens}`;
      return line.marked ? html`<mark>${text}</mark>${"\n"}` : html`${text}${"\n"}`;
    })}</pre>`;
  }

  private showJson = async (paths: Path[]): Promise<void> => {
    this.paths = paths;
    this.raw = true;
    await this.updateComplete;
    const pre = this.renderRoot.querySelector("pre");
    const marked = pre?.querySelector("mark");
    if (pre && marked) pre.scrollTop = marked.offsetTop - pre.clientHeight / 3;
    pre?.focus({ preventScroll: true });
    pre?.scrollIntoView({ block: "nearest" });
  };

  private async load(): Promise<void> {
    const { reference } = this;
    this.resource = null;
    this.series = [];
    this.pictures = [];
    this.said = "";
    try {
      const resource = await this.client.resource(this.patient, reference);
      if (reference !== this.reference) return;
      this.lines = resource.lines.filter((line) => !ELSEWHERE.has(line.label.toLowerCase()));
      this.cited = this.sentence ? citedLines(this.lines, this.sentence) : [];
      this.paths = this.cited.map((i) => this.lines[i]!.path);
      this.raw = false;
      this.resource = resource;
      await this.updateComplete;
      this.focus();
      await this.loadPictures(reference, resource.pictures);
      if (kindOf(reference) === "Observation") await this.loadSeries(reference);
    } catch (trouble) {
      if (reference !== this.reference) return;
      this.said = saidOf(trouble);
      this.onProblem(trouble);
    }
  }

  /** One that cannot be shown says why, under its name. */
  private async loadPictures(reference: string, names: string[]): Promise<void> {
    const load = async (name: string, i: number): Promise<Shown> => {
      try {
        return { name, url: await this.client.picture(this.patient, reference, i + 1), said: "" };
      } catch (trouble) {
        return { name, url: "", said: saidOf(trouble) };
      }
    };
    const pictures = await Promise.all(names.map(load));
    if (reference === this.reference) this.pictures = pictures;
  }

  private async loadSeries(reference: string): Promise<void> {
    try {
      const { series } = await this.client.series(this.patient, reference);
      if (reference === this.reference) {
        this.series = withOwnRange(series.filter((one) => one.points.length > 1), this.resource?.json);
      }
    } catch (trouble) {
      if (!(trouble instanceof Problem) || trouble.status !== 404) throw trouble;
    }
  }

  static override styles = [base, css`
    :host { display: grid; gap: 0.9rem; align-content: start; min-inline-size: 0; }
    header { display: flex; gap: 0.6rem; align-items: baseline; }
    h3 { font-size: 1.12em; font-weight: 650; line-height: 1.3; }
    .caution { display: flex; gap: 0.5em; color: var(--_unread); border: 1px solid; border-radius: calc(var(--_radius) - 2px); padding: 0.4em 0.7em; }
    dl { display: grid; border-block-start: 1px solid var(--_line); }
    dl div { display: grid; grid-template-columns: minmax(5.5rem, 32%) 1fr auto; gap: 0 0.8rem; align-items: baseline;
      border-block-end: 1px solid var(--_line); padding: 0.35em 0.4em; }
    .first { display: inline-block; }
    .first::first-letter { text-transform: uppercase; }
    dt { color: var(--_muted); font-size: 0.88em; overflow-wrap: anywhere; }
    .cited { background: var(--_mark); }
    .cited dt { color: var(--_ink); }
    .cited dd.words { font-weight: 650; }
    .flag { font-size: 0.8em; font-weight: 600; border: 1px solid currentColor; border-radius: 4px; padding: 0 0.35em; white-space: nowrap; }
    .to button { min-block-size: 1.7em; padding: 0 0.4em; font: 0.8em var(--_mono); white-space: nowrap; }
    .cited .to button { color: var(--_ink); }
    figure { margin: 0; display: grid; gap: 0.3rem; justify-items: start; }
    img { max-inline-size: 100%; max-block-size: 30rem; border: 1px solid var(--_line); border-radius: calc(var(--_radius) - 2px); }
    .raw { display: flex; flex-wrap: wrap; gap: 0.3rem 0.8rem; align-items: center; }
    code, pre { font-family: var(--_mono); }
    pre { margin: 0; position: relative; font-size: 0.82em; line-height: 1.55; background: var(--_surface); border: 1px solid var(--_line);
      border-radius: calc(var(--_radius) - 2px); padding: 0.7rem; overflow: auto; max-block-size: 26rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    pre .key { color: var(--_accent); }
    pre .string { color: var(--_ink); }
    pre .number, pre .word { color: var(--_declined); font-weight: 600; }
    pre .mark { color: var(--_muted); }
    mark { background: var(--_mark); color: var(--_ink); outline: 1px solid var(--_unread); border-radius: 2px; }
    mark .key, mark .mark, mark .number, mark .word { color: var(--_ink); }
  `];
}

const kindOf = (reference: string): string => reference.split("/")[0] ?? "";

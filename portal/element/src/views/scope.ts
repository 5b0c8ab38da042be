// What of the record the questions may use: always said, and changed here by dates and kinds.
import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import type { Kind, Scope } from "../wire/types.ts";
import { isNarrow, same, tidied, worded } from "../logic/scope.ts";
import { icon } from "./icons.ts";
import { base } from "./theme.ts";

export class ScopeBar extends LitElement {
  static override properties = {
    scope: { attribute: false }, kinds: { attribute: false }, onScope: { attribute: false },
    wished: { state: true }, open: { state: true },
  };
  declare scope: Scope;
  declare kinds: Kind[];
  declare onScope: (scope: Scope) => void;
  declare wished: Scope;
  declare open: boolean;

  constructor() {
    super();
    this.scope = {};
    this.kinds = [];
    this.wished = {};
    this.open = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("scope")) this.wished = this.scope ?? {};
  }

  override render() {
    const narrow = isNarrow(this.scope);
    return html`
      <div class="bar ${narrow ? "narrow" : ""}">
        <p>
          ${narrow ? icon("narrow") : nothing}<span class="muted">In scope:</span>
          <strong class="num words">${worded(this.scope, this.kinds)}</strong>
        </p>
        ${narrow ? html`<button class="quiet" @click=${() => this.settle({})}>Whole record</button>` : nothing}
        <button class="quiet" id="change" aria-expanded=${this.open} aria-controls="form" @click=${this.toggle}>
          ${icon("narrow")} ${narrow ? "Change" : "Narrow"}<span class="hidden"> what is in scope</span>
        </button>
      </div>
      <div id="form" ?hidden=${!this.open} @keydown=${this.keyed}>${this.open ? this.form() : nothing}</div>
    `;
  }

  private form() {
    const late = Boolean(this.wished.since && this.wished.until && this.wished.since > this.wished.until);
    return html`
      <div class="dates">
        <label>From <input type="date" id="since" .value=${this.wished.since ?? ""}
          @input=${(event: Event) => this.wish({ since: valueOf(event) })} /></label>
        <label>To <input type="date" id="until" .value=${this.wished.until ?? ""} aria-describedby="late"
          @input=${(event: Event) => this.wish({ until: valueOf(event) })} /></label>
      </div>
      <p id="late" class="small late" role="status">${late ? "The first day is after the last." : ""}</p>
      ${this.kinds.length ? this.boxes() : nothing}
      <div class="ends">
        <button class="main" ?disabled=${late} @click=${() => this.settle(this.wished)}>Use this scope</button>
        <button class="plain" @click=${() => this.settle({})}>Whole record</button>
      </div>
    `;
  }

  private boxes() {
    const chosen = this.wished.kinds ?? [];
    return html`<fieldset>
      <legend class="label">Kinds <span class="muted">(none chosen means all)</span></legend>
      <div class="kinds">${this.kinds.map((kind) => html`
        <label class="kind">
          <input type="checkbox" .checked=${chosen.includes(kind.kind)} @change=${() => this.flip(kind.kind)} />
          <span class="words">${kind.label || kind.kind}</span>
          <span class="muted small num">${kind.count.toLocaleString("en")}</span>
        </label>`)}
      </div>
    </fieldset>`;
  }

  private flip(kind: string): void {
    const chosen = this.wished.kinds ?? [];
    this.wish({ kinds: chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind] });
  }

  private wish(change: Scope): void {
    this.wished = { ...this.wished, ...change };
  }

  private settle(scope: Scope): void {
    const settled = tidied(scope, this.kinds);
    const wasOpen = this.open;
    this.open = false;
    this.wished = settled;
    if (!same(settled, this.scope)) this.onScope(settled);
    if (wasOpen) this.back();
  }

  private toggle = async (): Promise<void> => {
    this.open = !this.open;
    this.wished = this.scope ?? {};
    await this.updateComplete;
    if (this.open) this.renderRoot.querySelector<HTMLElement>("#since")?.focus();
  };

  private keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.open = false;
    this.back();
  };

  private back(): void {
    this.renderRoot.querySelector<HTMLElement>("#change")?.focus();
  }

  static override styles = [base, css`
    :host { display: block; }
    .bar { display: flex; align-items: center; gap: 0.2rem 0.4rem; flex-wrap: wrap; font-size: 0.9em; min-block-size: 2.3em; }
    .bar p { flex: 1 1 12rem; display: flex; gap: 0.45em; align-items: center; }
    .bar.narrow strong { color: var(--_asks); }
    .bar.narrow p svg { color: var(--_asks); }
    #form:not([hidden]) { padding: 0.9rem; margin-block: 0.3rem 0.5rem; background: var(--_raised);
      border: 1px solid var(--_line); border-radius: var(--_radius); max-block-size: min(60vh, 32rem); overflow: auto; }
    .dates { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 13rem)); gap: 0.8rem; }
    .dates label { font-size: 0.85em; font-weight: 600; color: var(--_muted); }
    .dates input { font-size: 1rem; color: var(--_ink); font-weight: 400; }
    .late { color: var(--_unsupported); min-block-size: 1.5em; }
    .kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: 0 1rem; margin-block: 0.3rem 0.8rem; }
    .kind { display: flex; align-items: center; gap: 0.55em; padding-block: 0.28em; cursor: pointer; }
    .kind span:last-child { margin-inline-start: auto; }
    .ends { position: sticky; inset-block-end: -0.9rem; margin: 0 -0.9rem -0.9rem; padding: 0.6rem 0.9rem; background: var(--_raised);
      border-block-start: 1px solid var(--_line); display: flex; gap: 0.5rem; flex-wrap: wrap; }
  `];
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

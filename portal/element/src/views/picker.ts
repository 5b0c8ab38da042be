// Whom the conversation is about: a search, and a list to choose from.
import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import type { Client } from "../wire/client.ts";
import type { PatientSummary } from "../wire/types.ts";
import { counted } from "../logic/outcome.ts";
import { age, diedOn, sexOf } from "../logic/people.ts";
import { icon } from "./icons.ts";
import { base } from "./theme.ts";
import { saidOf, troubleLine } from "./trouble.ts";

const PAUSE = 200;

export class Picker extends LitElement {
  static override properties = {
    client: { attribute: false }, today: { attribute: false }, onPick: { attribute: false },
    onProblem: { attribute: false }, found: { state: true }, total: { state: true }, said: { state: true },
  };
  declare client: Client;
  declare today: string;
  declare onPick: (patient: PatientSummary) => void;
  declare onProblem: (trouble: unknown) => void;
  declare found: PatientSummary[] | null;
  declare total: number;
  declare said: string;
  private timer = 0;
  private asked = 0;
  private search = "";

  constructor() {
    super();
    this.found = null;
    this.total = 0;
    this.said = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("client")) void this.look();
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  override render() {
    return html`
      <h2>Whose record?</h2>
      <p class="muted">Ask about one patient: answers come from the record alone, each with its sources.</p>
      <label for="search" class="hidden">Search patients by name, birth date or id</label>
      <div class="search">
        ${icon("search")}
        <input id="search" type="search" autocomplete="off" spellcheck="false" maxlength="200"
          placeholder="Name, birth date or id" @input=${this.typed} />
      </div>
      ${this.said ? troubleLine(this.said, () => void this.look()) : nothing}
      <p class="small muted" role="status">${this.count()}</p>
      <ul>${this.found?.map((patient) => this.row(patient))}</ul>
    `;
  }

  private row(patient: PatientSummary) {
    const facts = [sexOf(patient), patient.born && `born ${patient.born}`, this.ageOf(patient)].filter(Boolean);
    return html`<li>
      <button class="plain" @click=${() => this.onPick(patient)}>
        <span class="name words">${patient.name || patient.reference}</span>
        <span class="small muted num">${facts.join(" · ")}</span>
      </button>
    </li>`;
  }

  private ageOf(patient: PatientSummary): string {
    if (!patient.died) return age(patient.born, this.today);
    return diedOn(patient) ? `died ${diedOn(patient)}` : "deceased";
  }

  private count(): string {
    if (!this.found) return this.said ? "" : "Looking…";
    if (!this.found.length) return "Nobody found.";
    const shown = this.found.length;
    return this.total > shown ? `${shown} of ${this.total} patients shown; search to narrow.` : counted(shown, "patient");
  }

  private typed = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), PAUSE);
  };

  private async look(): Promise<void> {
    const asked = ++this.asked;
    try {
      const { patients, total } = await this.client.patients(this.search);
      if (asked !== this.asked) return;
      [this.found, this.total, this.said] = [patients, total, ""];
    } catch (trouble) {
      this.said = saidOf(trouble);
      this.onProblem(trouble);
    }
  }

  static override styles = [base, css`
    :host { display: block; max-inline-size: 44rem; margin: 0 auto; padding: clamp(1rem, 6vh, 4rem) 1rem 1.5rem; inline-size: 100%; flex: 1; min-block-size: 0; overflow: auto; }
    h2 { font-size: 1.45em; font-weight: 600; letter-spacing: -0.01em; }
    h2 + p { margin-block-end: 1.1em; }
    .search { position: relative; margin-block-end: 0.6em; }
    .search svg { position: absolute; inset-block-start: 0.75em; inset-inline-start: 0.75em; color: var(--_muted); }
    .search input { padding: 0.6em 0.8em 0.6em 2.4em; }
    ul { display: grid; gap: 0.4rem; margin-block-start: 0.6rem; }
    li button { inline-size: 100%; justify-content: space-between; flex-wrap: wrap; padding: 0.6em 0.9em; gap: 0.1em 1em; }
    .name { font-weight: 600; }
  `];
}

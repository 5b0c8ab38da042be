// The caller's conversations about this patient: open one, begin one, delete one.
import { LitElement, css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation } from "../wire/types.ts";
import { icon } from "./icons.ts";
import type { Session } from "./session.ts";
import { base } from "./theme.ts";

export class Conversations extends LitElement {
  static override properties = {
    session: { attribute: false }, listed: { attribute: false }, current: { attribute: false }, onFresh: { attribute: false },
    onOpen: { attribute: false }, onClose: { attribute: false }, onDone: { attribute: false }, onProblem: { attribute: false },
    doubt: { state: true },
  };
  declare session: Session;
  declare listed: Conversation[];
  declare current: string;
  declare onFresh: () => void;
  declare onOpen: (id: string) => void;
  declare onClose: () => void;
  declare onDone: (said: string) => void;
  declare onProblem: (trouble: unknown) => void;
  declare doubt: string;

  constructor() {
    super();
    this.listed = [];
    this.current = this.doubt = "";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".new")?.focus();
  }

  override render() {
    return html`<nav aria-label="Conversations">
      <div class="head"><h3 class="label">Conversations about this patient</h3>
        <button class="quiet" aria-label="Close the list" @click=${this.onClose}>${icon("close")}</button></div>
      <button class="plain new" @click=${this.onFresh}>${icon("plus")} New conversation</button>
      ${this.listed.length ? html`<ul>${repeat(this.listed, (one) => one.id, (one) => this.row(one))}</ul>`
        : html`<p class="muted small">None yet.</p>`}
    </nav>`;
  }

  private row(one: Conversation) {
    const name = one.first || "No question yet";
    if (this.doubt === one.id) {
      return html`<li class="doubt"><p class="small words">Delete “${name}” with its answers?</p>
        <button class="plain small" id="sure" @click=${() => void this.erase(one.id)}>Delete</button>
        <button class="quiet small" @click=${() => (this.doubt = "")}>Keep</button></li>`;
    }
    return html`<li>
      <button class="quiet one" aria-current=${one.id === this.current ? "true" : nothing} @click=${() => this.onOpen(one.id)}>
        <span class="words name">${name}</span><span class="small muted num">${moment(one.created)}</span></button>
      <button class="quiet bin" aria-label="Delete “${name}”" title="Delete" @click=${() => void this.hesitate(one.id)}>${icon("bin")}</button></li>`;
  }

  private async hesitate(id: string): Promise<void> {
    this.doubt = id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#sure")?.focus();
  }

  private async erase(id: string): Promise<void> {
    this.doubt = "";
    try {
      await this.session.remove(id);
      this.onDone("Deleted.");
      this.focus();
    } catch (trouble) {
      this.onProblem(trouble);
    }
  }

  static override styles = [base, css`
    :host { background: var(--_surface); border-inline-end: 1px solid var(--_line); overflow: auto; }
    nav { display: flex; flex-direction: column; gap: 0.4rem; padding: 0.5rem 0.7rem; }
    .head { display: flex; justify-content: space-between; align-items: center; }
    li { display: flex; align-items: center; gap: 0.1rem; border-radius: 6px; }
    .one { flex: 1; min-inline-size: 0; flex-direction: column; align-items: flex-start; gap: 0; padding: 0.4em 0.55em; color: var(--_ink); }
    .name { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; white-space: normal; }
    .one[aria-current] { background: var(--_soft); border-color: var(--_accent); }
    .bin { padding: 0.3em; min-inline-size: 2.15em; justify-content: center; }
    .doubt { flex-wrap: wrap; gap: 0.3rem; padding: 0.5rem; border: 1px solid var(--_unsupported); }
    .doubt p { flex-basis: 100%; }
  `];
}

/** "2026-01-01T12:00:00Z" -> "2026-01-01 13:00" where the reader is. */
function moment(written: string): string {
  const at = new Date(written);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace("T", " ");
}

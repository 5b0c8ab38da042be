// <record-assistant>: the patient, the chat, the timeline, and a resource beside them.
import { LitElement, html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Client, Problem } from "../wire/client.ts";
import type { Answer, Me, Patient, PatientSummary } from "../wire/types.ts";
import { reading } from "../logic/outcome.ts";
import { banner } from "./banner.ts";
import { beginning } from "./beginning.ts";
import { icon } from "./icons.ts";
import { Session, type Listener } from "./session.ts";
import { frame } from "./frame.ts";
import { base, tokens } from "./theme.ts";
import { saidOf, troubleLine } from "./trouble.ts";
import type { Host, Turn } from "./turn.ts";

const NARROW = 860;
/** Most characters of a question that the server takes. */
const LONGEST = 2000;
/** Name of the mark that is set once a question can be typed. */
const USABLE = "record-assistant-usable";
const SCRIPT = import.meta.url;
const HERE = new URL(".", SCRIPT).href;

interface Beside {
  reference: string;
  sentence: string;
}

export class RecordAssistant extends LitElement {
  static override properties = {
    server: {}, patient: {}, theme: { reflect: true }, heading: {},
    token: { attribute: false }, start: { attribute: false },
    me: { state: true }, who: { state: true }, view: { state: true }, beside: { state: true }, said: { state: true },
    listed: { state: true }, left: { state: true }, narrow: { state: true },
  };
  declare server: string;
  declare patient: string;
  declare theme: string;
  declare heading: string;
  /** Sent as `Authorization: Bearer`; without one the cookies of the same origin are. */
  declare token: string;
  /** The patient to begin with where the reader may choose another; `patient` leaves no choice. */
  declare start: string;
  declare me: Me | null;
  declare who: Patient | null;
  declare view: "ask" | "timeline";
  declare beside: Beside | null;
  declare said: string;
  declare listed: boolean;
  declare left: boolean;
  declare narrow: boolean;
  private client!: Client;
  private session: Session | null = null;
  private opener: HTMLElement | null = null;
  private entering = 0;
  private watch = new ResizeObserver(([seen]) => (this.narrow = (seen?.contentRect.width ?? 0) < NARROW));

  constructor() {
    super();
    this.server = this.patient = this.heading = this.token = this.start = this.said = "";
    this.theme = "auto";
    this.me = this.who = this.beside = null;
    this.view = "ask";
    this.listed = this.left = false;
    this.narrow = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch.observe(this);
    this.narrow = this.clientWidth > 0 && this.clientWidth < NARROW;
    if (this.hasUpdated) void this.enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
    this.session?.leave();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (["server", "token", "patient"].some((name) => changed.has(name))) void this.enter();
  }

  protected override updated(): void {
    const sheet = this.renderRoot.querySelector<HTMLDialogElement>("dialog");
    if (sheet && !sheet.open) sheet.showModal();
    if (this.composer && !performance.getEntriesByName(USABLE).length) performance.mark(USABLE);
  }

  override focus(): void {
    this.composer?.focus();
  }

  // --- who is asking, and about whom

  private async enter(): Promise<void> {
    const entering = ++this.entering;
    this.session?.leave();
    this.client = new Client(new URL(this.server ? `${this.server.replace(/\/*$/, "")}/` : HERE, location.href).href, this.token);
    this.said = "";
    this.left = false;
    try {
      const me = await this.client.me();
      if (entering !== this.entering) return;
      this.me = me;
      const wanted = me.patient || this.patient || this.start;
      if (wanted) await this.meet(wanted);
      else this.forget();
    } catch (trouble) {
      if (entering !== this.entering) return;
      this.forget();
      this.failed(trouble, true);
    }
  }

  private async meet(wanted: string): Promise<void> {
    const { entering } = this;
    const who = await this.client.patient(wanted);
    if (entering !== this.entering) return;
    this.forget();
    this.who = who;
    this.session = new Session(this.client, who, this.listener);
    this.session.list().catch((trouble) => this.failed(trouble));
  }

  private forget(): void {
    this.session?.leave();
    this.session = this.who = this.beside = null;
    this.listed = false;
    this.view = "ask";
  }

  private choose = async (patient: PatientSummary): Promise<void> => {
    try {
      this.said = "";
      await this.meet(patient.reference);
      this.start = patient.reference;
      this.tell("patient-chosen", { patient: patient.reference });
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("#name")?.focus({ preventScroll: true });
    } catch (trouble) {
      this.failed(trouble, true);
    }
  };

  private another = async (): Promise<void> => {
    this.forget();
    this.start = "";
    this.tell("patient-chosen", { patient: "" });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("ra-picker")?.focus();
  };

  /** Whether it is the cookie of a launch that opens the portal, and not a token, which its giver takes back. */
  private get launched(): boolean {
    return this.me?.answers_from === "launch" && !this.token;
  }

  private leave = async (): Promise<void> => {
    try {
      await this.client.leave();
    } catch (trouble) {
      return this.failed(trouble, true);
    }
    this.forget();
    this.me = null;
    this.said = "";
    this.left = true;
    this.tell("signed-out", {});
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#left")?.focus();
  };

  // --- what happens in the conversation

  private listener: Listener = {
    changed: () => this.requestUpdate(),
    asked: (turn) => void this.show(turn),
    answered: (turn, answer) => this.answered(turn, answer),
    failed: (trouble) => this.failed(trouble),
  };

  private async show(turn: Turn): Promise<void> {
    this.announce("Asked. Working on the answer.");
    this.requestUpdate();
    await this.updateComplete;
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [list, shown] = [this.renderRoot.querySelector<HTMLElement>(".turns"), this.turnView(turn)];
    if (matchMedia("(pointer: coarse)").matches) shown?.focus();
    else this.composer?.focus({ preventScroll: true });
    if (list && shown) list.scrollTo({ top: shown.offsetTop - 8, behavior: smooth ? "smooth" : "instant" });
  }

  private answered(turn: Turn, answer: Answer): void {
    const read = reading(answer);
    const text = read.look === "asks" ? answer.ask_back : answer.answer.replace(/\s*\[[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}\]/g, "");
    this.announce([read.label, text, ...answer.options, ...read.notes.map((note) => note.label)].join(". "));
    if (turn.key === this.session?.turns.at(-1)?.key) this.tell("answer", answer);
  }

  private failed(trouble: unknown, whole = false): void {
    if (whole) this.said = saidOf(trouble);
    const status = trouble instanceof Problem ? trouble.status : 0;
    this.tell("error", { status, detail: saidOf(trouble) });
    if (!whole) this.announce(saidOf(trouble));
  }

  private host: Host = {
    open: (reference, sentence) => this.open(reference, sentence),
    reply: (option) => void this.session?.ask(option, true),
    again: (question) => void this.session?.ask(question),
    evidence: async (id) => (await this.client.evidence(id)).calls,
    judge: (id, feedback) => this.session!.judge(id, feedback),
    announce: (text) => this.announce(text),
  };

  private send = (event?: Event): void => {
    event?.preventDefault();
    const field = this.composer;
    const text = field?.value.trim() ?? "";
    if (!field || !text || !this.session || this.session.busy) return;
    if (text.length > LONGEST) {
      field.setCustomValidity(`A question has at most ${LONGEST} characters; this one has ${text.length}. Ask the parts one after the other.`);
      field.reportValidity();
      return;
    }
    field.value = "";
    this.view = "ask";
    void this.session.ask(text, waits(this.session));
  };

  private cancel = (): void => {
    this.session?.cancel().catch((trouble) => this.failed(trouble));
    this.composer?.focus();
  };

  // --- the resource beside the text

  private open(reference: string, sentence = ""): void {
    if (!this.beside) this.opener = deepActive();
    this.beside = { reference, sentence };
    this.listed = false;
    this.tell("citation-opened", { reference });
  }

  private close = async (): Promise<void> => {
    if (!this.beside) return;
    this.beside = null;
    await this.updateComplete;
    (this.opener?.isConnected ? this.opener : this.composer)?.focus();
    this.opener = null;
  };

  private keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (this.beside) void this.close();
    else if (this.listed && this.narrow) this.shut();
    else if (this.session?.busy) this.cancel();
    else return;
    event.preventDefault();
  };

  // --- what it looks like

  override render() {
    return html`
      <div class="frame ${this.narrow ? "is-narrow" : "is-wide"}" @keydown=${this.keyed}>
        ${this.who ? html`<button class="skip" @click=${() => this.focus()}>Skip to the question field</button>` : nothing}
        ${this.heading ? html`<p class="heading words">${this.heading}</p>` : nothing}
        ${this.said ? html`<div class="pad">${troubleLine(this.said, () => void this.enter())}</div>` : nothing}
        ${this.who ? this.about(this.who) : this.nobody()}
        <div class="hidden" aria-live="polite" id="live"></div>
      </div>
    `;
  }

  private nobody() {
    if (this.left) return html`<p class="pad" id="left" role="status" tabindex="-1">You are signed out. Open the assistant again from your patient record system.</p>`;
    if (!this.me) return this.said ? nothing : html`<p class="pad muted" role="status"><span class="pulse">Opening…</span></p>`;
    if (this.me.patient || this.patient) return nothing;
    return html`<ra-picker .client=${this.client} .today=${this.me.today} .onPick=${this.choose}
      .onProblem=${(trouble: unknown) => this.failed(trouble)}></ra-picker>`;
  }

  private about(who: Patient) {
    const session = this.session!;
    return html`
      ${banner(who, this.me!.today, this.me!.patient || this.patient ? null : this.another, this.launched ? this.leave : null)}
      <div class="views">
        <div role="tablist" aria-label="Views" @keydown=${this.tabbed}>
          ${this.tab("ask", "Ask")}${this.tab("timeline", "Timeline")}
        </div>
        <span class="grow"></span>
        ${session.turns.length ? html`<button class="quiet" @click=${this.fresh}>${icon("plus")} <span>New<span class="wide-only"> conversation</span></span></button>` : nothing}
        <button class="quiet" id="lists" aria-expanded=${this.listed} aria-controls="list" @click=${this.toggleList}>
          ${icon("list")} <span class="${this.narrow ? "hidden" : ""}">Conversations</span></button>
      </div>
      <div class="body">
        <ra-conversations id="list" ?hidden=${!this.listed} .session=${session} .listed=${session.conversations} .current=${session.id}
          .onFresh=${this.fresh} .onOpen=${(id: string) => void this.reopen(id)} .onClose=${this.shut}
          .onDone=${(said: string) => this.announce(said)} .onProblem=${(trouble: unknown) => this.failed(trouble)}></ra-conversations>
        <div class="mid">
          <div class="panel" role="tabpanel" id="panel-ask" aria-labelledby="tab-ask" ?hidden=${this.view !== "ask"}>${this.chat(who, session)}</div>
          <div class="panel scroller" role="tabpanel" id="panel-timeline" aria-labelledby="tab-timeline" ?hidden=${this.view !== "timeline"} tabindex="0">
            ${this.view === "timeline" ? html`<ra-timeline .client=${this.client} .patient=${who.reference} .kinds=${who.kinds}
              .current=${this.beside?.reference ?? ""} .onOpen=${(reference: string) => this.open(reference)}
              .onProblem=${(trouble: unknown) => this.failed(trouble)}></ra-timeline>` : nothing}
          </div>
        </div>
        ${this.beside ? this.aside(who, this.beside) : nothing}
      </div>
    `;
  }

  private tab(view: "ask" | "timeline", word: string) {
    const selected = this.view === view;
    return html`<button role="tab" id="tab-${view}" aria-selected=${selected} aria-controls="panel-${view}"
      tabindex=${selected ? 0 : -1} @click=${() => (this.view = view)}>${word}</button>`;
  }

  private tabbed = async (event: KeyboardEvent): Promise<void> => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    this.view = event.key === "Home" ? "ask" : event.key === "End" ? "timeline" : this.view === "ask" ? "timeline" : "ask";
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${this.view}`)?.focus();
  };

  private chat(who: Patient, session: Session) {
    const { turns } = session;
    return html`
      <div class="pad top"><ra-scope .scope=${session.scope} .kinds=${who.kinds}
        .onScope=${(scope: Session["scope"]) => session.narrow(scope).catch((trouble) => this.failed(trouble))}></ra-scope></div>
      <div class="scroller turns" role="region" aria-label="Questions and answers" tabindex="0">
        ${turns.length ? html`<ol>${repeat(turns, (turn) => turn.key, (turn, i) => html`<li>
          <ra-turn data-key=${turn.key} .turn=${turn} .host=${this.host} .kinds=${who.kinds} .last=${i === turns.length - 1 && !session.busy}></ra-turn></li>`)}</ol>`
        : beginning(who, (question) => void session.ask(question))}
      </div>
      ${this.form(session)}
    `;
  }

  private form(session: Session) {
    const replying = waits(session);
    return html`<form class="composer" @submit=${this.send}>
      <label class="hidden" for="question">${replying ? "Your reply" : "Your question about this patient’s record"}</label>
      <div class="field">
        <textarea id="question" rows="1" aria-describedby="hint" enterkeyhint="send" @input=${this.edited}
          placeholder=${replying ? "Reply…" : "Ask about this record…"} @keydown=${this.typed}></textarea>
        ${session.busy
          ? html`<button class="plain" type="button" @click=${this.cancel}>${icon("stop")} Stop</button>`
          : html`<button class="main" type="submit">${icon("send")} <span>Ask</span></button>`}
      </div>
      <p id="hint" class="small muted"><span class="keys">Enter sends, Shift + Enter begins a new line. </span>Reports what is recorded, as of <span class="num">${this.me!.today}</span>; gives no advice.</p>
    </form>`;
  }

  private edited = (): void => this.composer?.setCustomValidity("");

  private typed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.send(event);
  };

  private aside(who: Patient, { reference, sentence }: Beside) {
    const inside = html`
      <div class="aside-head"><p class="label">From the record</p>
        <button class="quiet" @click=${this.close}>${icon("close")} <span>Close</span></button></div>
      <div class="scroller" tabindex="0" role="group" aria-label="Entry of the record">
        <ra-resource .client=${this.client} .patient=${who.reference} .reference=${reference} .sentence=${sentence}
          .onOpen=${(next: string) => this.open(next)} .onProblem=${(trouble: unknown) => this.failed(trouble)}></ra-resource>
      </div>`;
    return this.narrow
      ? html`<dialog class="sheet" aria-label="Entry of the record" @cancel=${this.dismissed} @close=${this.close}>${inside}</dialog>`
      : html`<section class="aside" aria-label="Entry beside the text">${inside}</section>`;
  }

  private dismissed = (event: Event): void => {
    event.preventDefault();
    void this.close();
  };

  // --- the list of conversations

  private toggleList = async (): Promise<void> => {
    this.listed = !this.listed;
    await this.updateComplete;
    if (this.listed) this.renderRoot.querySelector<HTMLElement>("#list")?.focus();
  };

  private shut = (): void => {
    this.listed = false;
    this.renderRoot.querySelector<HTMLElement>("#lists")?.focus();
  };

  private fresh = (): void => {
    this.session?.fresh();
    this.settle();
  };

  private settle(): void {
    this.beside = null;
    this.view = "ask";
    if (this.narrow) this.listed = false;
    void this.updateComplete.then(() => this.composer?.focus());
  }

  private async reopen(id: string): Promise<void> {
    try {
      await this.session!.open(id);
      this.settle();
      await this.updateComplete;
      const turns = this.renderRoot.querySelector(".turns");
      turns?.scrollTo({ top: turns.scrollHeight });
    } catch (trouble) {
      this.failed(trouble);
    }
  }

  // --- small things

  private get composer(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("#question");
  }

  private turnView(turn: Turn): HTMLElement | null {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("ra-turn")].find((one) => one.dataset["key"] === turn.key) ?? null;
  }

  private announce(text: string): void {
    const live = this.renderRoot.querySelector("#live");
    if (live) live.textContent = text;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  static override styles = [tokens, base, frame];
}

/** The element that has the focus, inside shadow roots too. */
/** Whether the last answer asked back, so that what is typed next is the reply. */
const waits = (session: Session): boolean => session.turns.at(-1)?.answer?.outcome === "asked back";

function deepActive(): HTMLElement | null {
  let active: Element | null = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active as HTMLElement | null;
}

// One question and what became of it: its steps folded, its answer with numbered sources, copy and feedback.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import type { Answer, EvidenceCall, Feedback, Kind, Question, Scope, Verdict } from "../wire/types.ts";
import { blocks, citingLine, draftText, type Piece } from "../logic/citations.ts";
import { plainText, richText } from "../logic/copying.ts";
import { FAILED, counted, reading, valuesOf, type Note } from "../logic/outcome.ts";
import { isNarrow, worded } from "../logic/scope.ts";
import { callText, doing, summary, type Steps } from "../logic/steps.ts";
import { icon, type Sign } from "./icons.ts";
import { base } from "./theme.ts";
import { saidOf, troubleLine } from "./trouble.ts";

export interface Turn {
  key: string;
  id: string;
  question: string;
  isReply: boolean;
  scope: Scope | null;
  status: Question["status"];
  steps: Steps | null;
  answer: Answer | null;
  error: string;
  feedback: Feedback | null;
}

/** What a turn may ask of the element around it. */
export interface Host {
  open(reference: string, sentence: string): void;
  reply(option: string): void;
  again(question: string): void;
  evidence(id: string): Promise<EvidenceCall[]>;
  judge(id: string, feedback: Feedback): Promise<void>;
  announce(text: string): void;
}

const ASSESSMENT = "What the model concludes";
const JUDGED: [Verdict, string][] = [["right", "Right"], ["wrong", "Wrong"], ["unclear", "Unclear"]];

export class TurnView extends LitElement {
  static override properties = {
    turn: { attribute: false }, host: { attribute: false }, kinds: { attribute: false }, last: { attribute: false },
    calls: { state: true }, stepsSaid: { state: true }, copied: { state: true }, judged: { state: true },
    commenting: { state: true }, judgeSaid: { state: true },
  };
  declare turn: Turn;
  declare host: Host;
  declare kinds: Kind[];
  declare last: boolean;
  declare calls: EvidenceCall[] | null;
  declare stepsSaid: string;
  declare copied: string;
  declare judged: Feedback | null;
  declare commenting: boolean;
  declare judgeSaid: string;

  constructor() {
    super();
    this.calls = null;
    this.stepsSaid = this.copied = this.judgeSaid = "";
    this.judged = null;
    this.commenting = false;
  }

  override render() {
    const { turn } = this;
    const scope = turn.answer ? turn.answer.scope : turn.scope;
    return html`
      <article aria-busy=${turn.status === "running"}>
        <h3 class="question words" tabindex="-1"><span class="hidden">Question: </span>${turn.question}</h3>
        ${isNarrow(scope)
          ? html`<p class="scope small num">${icon("narrow")} <span>Narrowed: ${worded(scope, this.kinds)}</span></p>`
          : nothing}
        ${turn.status === "running" ? this.running() : this.ended()}
      </article>
    `;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
  }

  private running() {
    const { steps } = this.turn;
    const draft = steps?.draft ?? "";
    return html`<div class="answer running">
      <p class="state"><span class="dot pulse" aria-hidden="true"></span> ${steps ? doing(steps) : "Asking…"}</p>
      ${draft ? html`<div class="draft"><p class="label">Draft, not checked yet</p><p class="words">${draftText(draft)}</p></div>` : nothing}
      ${steps ? this.folded(steps.calls, steps, counted(steps.calls.length, "search") + " so far") : nothing}
    </div>`;
  }

  private ended() {
    const { turn } = this;
    if (turn.status === "cancelled") {
      return html`<div class="answer cancelled"><p class="state">${icon("stop")} <strong>Cancelled</strong></p>
        <button class="plain" @click=${() => this.host.again(turn.question)}>Ask again</button></div>`;
    }
    if (!turn.answer) {
      const again = turn.isReply ? undefined : () => this.host.again(turn.question);
      return troubleLine(`${FAILED}. ${turn.error}`.trim(), again);
    }
    return this.answered(turn.answer);
  }

  private answered(answer: Answer) {
    const read = reading(answer);
    const asks = read.look === "asks";
    return html`<div class="answer ${read.look}">
      <p class="state">${icon(read.look)} <strong>${read.label}</strong></p>
      ${asks ? this.asking(answer) : this.body(answer.answer, answer)}
      ${this.assessed(answer)}
      ${read.meaning ? html`<p class="meaning small words">${read.meaning}</p>` : nothing}
      ${read.notes.map((note) => this.note(note))}
      ${this.sources(answer)}
      ${this.folded(this.turn.steps?.calls ?? this.calls, this.turn.steps, summary(this.turn.steps, answer), answer)}
      ${asks ? nothing : this.actions(answer)}
    </div>`;
  }

  private assessed(answer: Answer) {
    const text = answer.assessment?.text;
    if (!text) return nothing;
    return html`<section class="assessment" aria-label=${ASSESSMENT}>
      <p class="label">${icon("assessed")} ${ASSESSMENT}</p>
      ${this.body(text, answer)}
      <p class="small muted">The record does not say this, and nobody verified it.</p>
    </section>`;
  }

  private body(text: string, answer: Answer): TemplateResult {
    return html`<div class="body">${blocks(text, answer.citations).map((block) =>
      block.list
        ? html`<ul>${block.items.map((item) => html`<li>${this.pieces(item, answer)}</li>`)}</ul>`
        : html`<p>${this.pieces(block.pieces, answer)}</p>`)}
    </div>`;
  }

  private pieces(pieces: Piece[], answer: Answer) {
    return pieces.map((piece) => ("text" in piece
      ? html`<span class="words">${piece.text}</span>`
      : html`<button class="cite" @click=${() => this.cite(piece.citation.reference, answer)}
          aria-label="Source ${piece.number}: ${sourceText(piece.citation)}"
          title=${sourceText(piece.citation)}>${piece.number}</button>`));
  }

  private asking(answer: Answer) {
    return html`<div class="body"><p class="words">${answer.ask_back}</p></div>
      <div class="options" role="group" aria-label="Readings to choose from">${answer.options.map((option) => html`
        <button class="plain words" ?disabled=${!this.last} @click=${() => this.host.reply(option)}>${option}${this.found(answer, option)}</button>`)}
      </div>
      ${this.last ? html`<p class="small muted">Choose one, or say it in your own words below.</p>` : nothing}`;
  }

  private found(answer: Answer, option: string) {
    const values = valuesOf(answer.readings.find((reading) => reading.read_as === option));
    return values ? html` <span class="found">${values}</span>` : nothing;
  }

  private note(note: Note) {
    return html`<details class="note ${note.kind}" ?open=${note.kind === "unread"}>
      <summary>${icon(note.kind)} <strong>${note.label}</strong></summary>
      <ul>${note.lines.map((line) => html`<li class="words">${line}</li>`)}</ul>
    </details>`;
  }

  private sources(answer: Answer) {
    if (!answer.citations.length) return nothing;
    return html`<div class="sources"><h4 class="label">Sources</h4>
      <ol>${answer.citations.map((citation, i) => html`<li>
        <button class="source" @click=${() => this.cite(citation.reference, answer)}>
          <span class="cite" aria-hidden="true">${i + 1}</span>
          <span class="words">${citation.display || citation.reference}</span>
          ${citation.date ? html`<span class="muted num">${citation.date}</span>` : nothing}
        </button></li>`)}
      </ol></div>`;
  }

  private folded(calls: EvidenceCall[] | null, steps: Steps | null, line: string, answer?: Answer) {
    return html`<details class="steps" @toggle=${this.unfold}>
      <summary class="small"><span class="muted num">${line}</span></summary>
      ${this.stepsSaid ? html`<p class="small words">${this.stepsSaid}</p>` : nothing}
      ${calls?.length ? html`<ol class="calls">${calls.map((call) => this.call(call))}</ol>`
        : html`<p class="small muted">${answer && !answer.plan.length ? "No tool was called." : "No search yet."}</p>`}
      ${steps?.unsupported.map((one) => html`<p class="small words">Sent back: “${one.text}” (${one.reason})</p>`)}
      ${steps?.troubles.map((one) => html`<p class="small words">${one}</p>`)}
      ${steps?.thinking ? html`<details class="thinking"><summary class="small">Thinking of the model</summary>
        <p class="small words">${steps.thinking}</p></details>` : nothing}
      ${answer?.checked.recomputed.length
        ? html`<p class="small words">Worked out again from the sources: ${answer.checked.recomputed.join("; ")}.</p>` : nothing}
      ${answer ? html`<p class="small muted words">${how(answer)}</p>` : nothing}
    </details>`;
  }

  private call(call: EvidenceCall) {
    return html`<li>
      <p class="small"><code class="words">${callText(call)}</code> <span class="muted">→ ${call.outcome}</span></p>
      ${call.facts.length ? html`<ul class="facts">${call.facts.map((fact) => html`<li class="small">
        ${fact.reference
          ? html`<button class="link words" @click=${() => this.host.open(fact.reference, fact.text)}>${fact.text}</button>`
          : html`<span class="words">${fact.text}</span>`}</li>`)}</ul>` : nothing}
      ${call.total > call.facts.length ? html`<p class="small muted">${call.facts.length} of ${call.total} facts shown.</p>` : nothing}
    </li>`;
  }

  private actions(answer: Answer) {
    const given = this.judged ?? this.turn.feedback;
    return html`<div class="actions">
        <button class="quiet small" @click=${() => void this.copy(answer)}>${icon("copy")}
          <span>${this.copied || (answer.citations.length ? "Copy with sources" : "Copy")}</span></button>
        ${this.turn.id ? html`<div class="judge" role="group" aria-label="Was this answer right?">${JUDGED.map(([verdict, word]) => html`
          <button class="quiet small" aria-pressed=${given?.verdict === verdict}
            @click=${() => void this.judge({ verdict, comment: given?.comment ?? "" }, true)}>${icon(verdict as Sign)} ${word}</button>`)}
        </div>` : nothing}
      </div>
      ${this.commenting && given ? html`<form class="comment" @submit=${this.commented}>
        <label class="small" for="comment">What was ${given.verdict === "right" ? "good" : given.verdict}? <span class="muted">(optional)</span></label>
        <div><input id="comment" maxlength="2000" autocomplete="off" .value=${given.comment} />
        <button class="plain" type="submit">Send</button></div></form>` : nothing}
      <p class="small muted" role="status">${this.judgeSaid}</p>`;
  }

  private cite(reference: string, answer: Answer): void {
    this.host.open(reference, citingLine(answer.answer, reference));
  }

  private unfold = async (event: Event): Promise<void> => {
    const { turn } = this;
    const opened = (event.target as HTMLDetailsElement).open;
    if (!opened || turn.steps || this.calls || !turn.id || turn.status !== "finished") return;
    try {
      this.calls = await this.host.evidence(turn.id);
      this.stepsSaid = "";
    } catch (trouble) {
      this.stepsSaid = saidOf(trouble);
    }
  };

  private async copy(answer: Answer): Promise<void> {
    const [plain, rich] = [plainText(answer), richText(answer)];
    this.copied = (await toClipboard(plain, rich)) ? "Copied" : "This browser does not let the page copy";
    this.host.announce(this.copied);
    setTimeout(() => (this.copied = ""), 2500);
  }

  private async judge(feedback: Feedback, ask: boolean): Promise<void> {
    try {
      await this.host.judge(this.turn.id, feedback);
      this.judged = feedback;
      this.judgeSaid = ask ? "Noted. Thank you." : "Comment noted. Thank you.";
      this.commenting = ask && feedback.verdict !== "right";
    } catch (trouble) {
      this.judgeSaid = `Not noted: ${saidOf(trouble)}`;
    }
  }

  private commented = (event: Event): void => {
    event.preventDefault();
    const comment = this.renderRoot.querySelector<HTMLInputElement>("#comment")?.value.trim() ?? "";
    const given = this.judged ?? this.turn.feedback;
    if (given) void this.judge({ ...given, comment }, false);
  };

  static override styles = [base, css`
    :host { display: block; }
    article { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    .question { justify-self: end; max-inline-size: min(34rem, 88%); background: var(--_soft); border-radius: var(--_radius);
      padding: 0.55em 0.9em; font-weight: 500; border: 1px solid color-mix(in oklab, var(--_accent) 22%, var(--_page)); }
    .scope { justify-self: end; color: var(--_asks); display: flex; gap: 0.35em; align-items: center; }
    .answer { --mark: var(--_accent); border: 1px solid var(--_line); border-inline-start: 4px solid var(--mark);
      border-radius: var(--_radius); background: var(--_raised); padding: 0.75rem 1rem 0.5rem; display: grid; gap: 0.55rem;
      grid-template-columns: minmax(0, 1fr); box-shadow: var(--_shadow); }
    .none { --mark: var(--_none); border-inline-start-style: dashed; background: var(--_surface); }
    .declined { --mark: var(--_declined); border-inline-start-style: double; border-inline-start-width: 6px; background: var(--_surface); }
    .answer.unread { --mark: var(--_unread); border-color: var(--_unread); background: color-mix(in oklab, var(--_unread) 7%, var(--_page)); }
    .misread { --mark: var(--_none); border-inline-start-style: dotted; border-inline-start-width: 6px; background: var(--_surface); }
    .failed { --mark: var(--_unsupported); }
    .asks { --mark: var(--_asks); border-inline-start-style: dotted; border-inline-start-width: 5px; }
    .answer.unsupported { --mark: var(--_unsupported); border-color: var(--_unsupported); }
    .running, .cancelled { --mark: var(--_line); }
    .state { display: flex; gap: 0.45em; align-items: center; color: var(--mark); font-size: 0.86em; }
    .running .state, .cancelled .state { color: var(--_muted); }
    .dot { inline-size: 0.6em; block-size: 0.6em; border-radius: 50%; background: var(--_accent); margin-inline: 0.2em; }
    .draft { border-block-start: 1px dashed var(--_line); padding-block-start: 0.45rem; color: var(--_muted); }
    .body { font-size: 1.05em; line-height: 1.55; display: grid; gap: 0.5em; max-inline-size: 44rem; }
    .body ul { list-style: disc; padding-inline-start: 1.2em; display: grid; gap: 0.25em; }
    .body li::marker { color: var(--_muted); }
    .cite { min-block-size: 0; min-inline-size: 1.6em; padding: 0 0.3em; margin-inline: 0.18em 0; justify-content: center; vertical-align: 0.12em;
      font: 600 0.74em/1.6 var(--_font); font-variant-numeric: tabular-nums; color: var(--_accent); background: var(--_soft);
      border: 1px solid color-mix(in oklab, var(--_accent) 40%, var(--_page)); border-radius: 5px; display: inline-flex; position: relative; }
    button.cite::after { content: ""; position: absolute; inset: -4px -2px; }
    button.cite:hover { background: var(--_accent); color: var(--_on-accent); }
    .assessment { border: 1px dashed var(--_edge); border-radius: calc(var(--_radius) - 2px); padding: 0.45em 0.7em; display: grid; gap: 0.3em;
      background: var(--_surface); }
    .assessment .body { font-size: 1em; font-style: italic; }
    .meaning { color: var(--_ink); }
    .note { border: 1px solid var(--_line); border-radius: calc(var(--_radius) - 2px); padding: 0.4em 0.7em; font-size: 0.9em; }
    .note ul { list-style: disc; padding-inline-start: 1.4em; margin-block-start: 0.3em; }
    .note.unread summary { color: var(--_unread); }
    .note.narrow summary { color: var(--_asks); }
    .note.unsupported summary { color: var(--_unsupported); }
    .sources ol { display: grid; gap: 1px; margin-block-start: 0.15rem; }
    .source { inline-size: 100%; padding: 0.15em 0.35em; min-block-size: 1.9em; font-size: 0.9em; align-items: baseline; gap: 0.6em; }
    .source:hover { background: var(--_soft); }
    .source .num { margin-inline-start: auto; max-inline-size: 45%; overflow-wrap: anywhere; flex: none; }
    .source .cite { flex: none; margin: 0; font-size: 0.8em; }
    .steps { border-block-start: 1px solid var(--_line); padding-block-start: 0.4rem; }
    .calls { display: grid; gap: 0.5rem; margin-block: 0.5rem; }
    .calls > li { border-inline-start: 2px solid var(--_line); padding-inline-start: 0.7rem; }
    code { font-family: var(--_mono); font-size: 0.94em; }
    .facts { margin-block-start: 0.15rem; }
    .link { border: 0; padding: 0.1em 0; min-block-size: 0; color: var(--_ink); text-decoration: underline;
      text-decoration-color: var(--_edge); text-underline-offset: 0.2em; }
    .link:hover { color: var(--_accent); text-decoration-color: currentColor; }
    .options { display: flex; flex-wrap: wrap; gap: 0.45rem; }
    .options button { border-color: var(--_asks); text-align: start; }
    .found { display: block; color: var(--_muted); font-size: 0.9em; }
    .actions { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.2rem 1rem; margin-inline: -0.6rem; }
    .judge { display: flex; gap: 0.1rem; flex-wrap: wrap; }
    .comment div { display: flex; gap: 0.4rem; margin-block-start: 0.2rem; }
    .comment button { flex: none; }
    p[role="status"]:empty { display: none; }
  `];
}

function how({ now, usage, coverage, plan }: Answer): string {
  const by = usage.model === "none" ? "by rules alone, without a model" : `with ${usage.model}`;
  const searched = coverage.map((one) => `${one.searched.toLocaleString("en")} ${one.kind}`).join(", ");
  const did = plan.length ? "Looked up in" : "Nothing was looked up in";
  return `${did} the record as of ${now}, ${by}.${searched ? ` Searched: ${searched}.` : ""}`;
}

const sourceText = ({ display, date, reference }: Answer["citations"][number]): string =>
  [display || reference, date].filter(Boolean).join(", ");

/** Copy as text and HTML; where that is not allowed, as text alone. */
async function toClipboard(plain: string, rich: string): Promise<boolean> {
  const item = (type: string, text: string) => ({ [type]: new Blob([text], { type }) });
  try {
    await navigator.clipboard.write([new ClipboardItem({ ...item("text/plain", plain), ...item("text/html", rich) })]);
    return true;
  } catch {
    return navigator.clipboard ? navigator.clipboard.writeText(plain).then(() => true, () => false) : false;
  }
}

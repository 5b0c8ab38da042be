// What an empty conversation shows: what the record holds, and questions that it can answer.
import { html, nothing, type TemplateResult } from "lit";
import type { Patient } from "../wire/types.ts";
import { holding } from "../logic/people.ts";
import { suggestions } from "../logic/suggestions.ts";
import { icon } from "./icons.ts";

export function beginning(who: Patient, ask: (question: string) => void): TemplateResult {
  return html`<div class="empty">
    <h3>Ask about this record</h3>
    <p class="muted num">${holding(who)}. Every answer names its sources; what is not recorded is said.</p>
    <div class="first" role="group" aria-label="Suggested questions">${suggestions(who.kinds).map((question) => html`
      <button class="plain" @click=${() => ask(question)}>${question}</button>`)}</div>
    ${who.problems.length ? html`<div class="unreadable"><p><strong>${icon("unread")} Could not be read</strong></p>
      <ul>${who.problems.map((problem) => html`<li class="words small">${problem}</li>`)}</ul></div>` : nothing}
  </div>`;
}

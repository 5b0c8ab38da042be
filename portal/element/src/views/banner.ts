// Who the patient is, always in sight.
import { html, nothing, type TemplateResult } from "lit";
import type { Patient } from "../wire/types.ts";
import { age, diedOn, sexOf } from "../logic/people.ts";
import { icon } from "./icons.ts";

export function banner(who: Patient, today: string, another: (() => void) | null, leave: (() => void) | null): TemplateResult {
  const years = age(who.born, who.died || today);
  return html`<div class="banner" role="group" aria-label="Patient">
    <div class="who">
      <h2 id="name" class="words" tabindex="-1">${who.name || who.reference}</h2>
      <ul class="facts num">
        <li class="words">${who.born ? html`<span class="muted">Born</span> ${who.born}` : "Birth date not recorded"}</li>
        <li class="words">${sexOf(who)}</li>
        ${years ? html`<li>${who.died ? `lived ${years}` : years}</li>` : nothing}
        ${who.died ? html`<li class="died"><strong>Deceased</strong> ${diedOn(who)}</li>` : nothing}
        ${who.problems.length ? html`<li class="unread">${icon("unread")} Part of the record could not be read</li>` : nothing}
      </ul>
    </div>
    ${another ? html`<button class="plain small" @click=${another}>${icon("person")} <span>Other patient</span></button>` : nothing}
    ${leave ? html`<button class="plain small" @click=${leave}>${icon("leave")} <span>Sign out</span></button>` : nothing}
  </div>`;
}

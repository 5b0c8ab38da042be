// A failure -> a line that says so, and the words for it.
import { html, nothing, type TemplateResult } from "lit";
import { Problem } from "../wire/client.ts";
import { icon } from "./icons.ts";

export const saidOf = (trouble: unknown): string =>
  trouble instanceof Problem ? trouble.detail : "Something went wrong in this page. Reload it.";

export const troubleLine = (said: string, again?: () => void): TemplateResult => html`
  <div class="trouble" role="alert">
    ${icon("error")}
    <div>
      <p class="words">${said}</p>
      ${again ? html`<button class="plain" @click=${again}>Try again</button>` : nothing}
    </div>
  </div>
`;

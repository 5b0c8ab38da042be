// An answer -> what goes to the clipboard: plain text, and HTML in which every word is escaped.
import type { Answer, Citation } from "../wire/types.ts";
import { blocks, pieces, type Piece } from "./citations.ts";

/** The answer with numbered citations and their list. */
export function plainText(answer: Answer): string {
  const body = blocks(answer.answer, answer.citations).flatMap((block) =>
    block.list ? block.items.map((item) => `- ${flat(item)}`) : [flat(block.pieces)],
  );
  const sources = answer.citations.map((one, i) => `[${i + 1}] ${sourceText(one)}`);
  const assessed = assessment(answer);
  return [mark(answer) + body.join("\n"), ...(assessed ? ["", `${ASSESSMENT} ${assessed}`] : []), ...(sources.length ? ["", "Sources:", ...sources] : []), "", origin(answer)].join("\n");
}

/** The same as HTML for a clipboard; it is never put into a page. */
export function richText(answer: Answer): string {
  const body = blocks(answer.answer, answer.citations).map((block) =>
    block.list
      ? `<ul>${block.items.map((item) => `<li>${escaped(flat(item))}</li>`).join("")}</ul>`
      : `<p>${escaped(flat(block.pieces))}</p>`,
  );
  const sources = answer.citations.map((one) => `<li>${escaped(sourceText(one))}</li>`);
  const list = sources.length ? `<p>Sources:</p><ol>${sources.join("")}</ol>` : "";
  const head = mark(answer) ? `<p>${escaped(mark(answer).trim())}</p>` : "";
  const assessed = assessment(answer) ? `<p><em>${escaped(`${ASSESSMENT} ${assessment(answer)}`)}</em></p>` : "";
  return `${head}${body.join("")}${assessed}${list}<p>${escaped(origin(answer))}</p>`;
}

const ASSESSMENT = "What the model concludes; the record does not say it, and nobody verified it:";

const assessment = (answer: Answer): string =>
  answer.assessment?.text ? flat(pieces(answer.assessment.text, answer.citations)) : "";

export function escaped(text: string): string {
  const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => named[sign]!);
}

/** How the question ended, as every text of the portal says it: "[not recorded] ", nothing before an answer. */
const mark = ({ outcome }: Answer): string => (outcome === "answered" ? "" : `[${outcome}] `);

const flat = (pieces: Piece[]): string =>
  pieces.map((piece) => ("text" in piece ? piece.text : ` [${piece.number}]`)).join("");

const sourceText = ({ display, date, reference }: Citation): string =>
  [display, date, reference].filter(Boolean).join(", ");

const origin = (answer: Answer): string => `Question: ${answer.question} (record as of ${answer.now})`;

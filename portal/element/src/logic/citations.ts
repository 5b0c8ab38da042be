// The text of an answer -> paragraphs and lists, in which the answer's own citations are numbers.
import type { Citation } from "../wire/types.ts";

export type Piece = { text: string } | { number: number; citation: Citation };
export type Block = { list: false; pieces: Piece[] } | { list: true; items: Piece[][] };

const SOURCE = /\s*\[([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})\]/g;

/** Split a line at the sources that the answer cites; whatever else stands in brackets stays text. */
export function pieces(line: string, citations: Citation[]): Piece[] {
  const split: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(SOURCE)) {
    const index = citations.findIndex((citation) => citation.reference === match[1]);
    if (index < 0) continue;
    if (match.index > from) split.push({ text: line.slice(from, match.index) });
    split.push({ number: index + 1, citation: citations[index]! });
    from = match.index + match[0].length;
  }
  if (from < line.length) split.push({ text: line.slice(from) });
  return split;
}

/** Return the paragraphs and "- " lists of a text. */
export function blocks(text: string, citations: Citation[]): Block[] {
  const made: Block[] = [];
  for (const line of text.split("\n").filter((one) => one.trim())) {
    const item = /^\s*- (.*)$/.exec(line);
    const before = made.at(-1);
    if (!item) made.push({ list: false, pieces: pieces(line, citations) });
    else if (before?.list) before.items.push(pieces(item[1]!, citations));
    else made.push({ list: true, items: [pieces(item[1]!, citations)] });
  }
  return made;
}

/** A draft as it may be shown before it is checked: what could be a source is a dot. */
export function draftText(text: string): string {
  return text.replace(SOURCE, " •").replace(/\s*\[[A-Z][A-Za-z]*(\/[A-Za-z0-9\-.]*)?$/, "");
}

/** The line of the text that cites a resource, without its sources. */
export function citingLine(text: string, reference: string): string {
  const line = text.split("\n").find((one) => one.includes(`[${reference}]`)) ?? "";
  return line.replace(SOURCE, "");
}

// The lines of a resource, and the sentence that cited it -> which line carries the cited value.
import type { Line } from "../wire/types.ts";

/** Index of the line that the sentence most likely cites; -1 where no line has anything to do with it. */
export function citedLine(lines: Line[], sentence: string): number {
  const heard = numbersAndWords(sentence);
  const scores = lines.map((line) => (line.path ? score(line, heard) : 0));
  const best = Math.max(0, ...scores);
  return best > 0 ? scores.indexOf(best) : -1;
}

function score(line: Line, heard: Set<string>): number {
  const words = [...numbersAndWords(line.text)];
  const hits = words.filter((word) => heard.has(word));
  const numbers = hits.filter((word) => /^\d/.test(word)).length;
  const value = /value|result|dose/i.test(line.label) ? 2 : 1;
  return words.length ? (hits.length + 2 * numbers * value) / Math.sqrt(words.length) : 0;
}

function numbersAndWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)?|[\p{L}]{3,}/gu) ?? []);
}

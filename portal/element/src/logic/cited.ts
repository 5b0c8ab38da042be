// The lines of a resource, and the sentence that cited it -> which lines carry the cited values.
import type { Line } from "../wire/types.ts";

const NEARLY = 0.8;

/** Indexes of the lines that the sentence most likely cites; none where no line has anything to do with it. */
export function citedLines(lines: Line[], sentence: string): number[] {
  const heard = numbersAndWords(sentence);
  const scores = lines.map((line) => (line.path.length ? score(line, heard) : 0));
  const best = Math.max(0, ...scores);
  return best > 0 ? scores.flatMap((one, i) => (one >= best * NEARLY ? [i] : [])) : [];
}

function score(line: Line, heard: Set<string>): number {
  const words = [...numbersAndWords(line.text)];
  const hits = words.filter((word) => heard.has(word));
  const numbers = hits.filter((word) => /^\d/.test(word) && !/^\d{4}-/.test(word)).length;
  const telling = /value|result|dose|component/i.test(line.label) ? 4 : 2;
  return words.length ? (hits.length + telling * numbers) / Math.sqrt(words.length) : 0;
}

function numbersAndWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)?|[\p{L}]{3,}/gu) ?? []);
}

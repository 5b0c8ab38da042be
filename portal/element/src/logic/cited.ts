// The lines of a resource, and the sentence that cited it -> which lines carry the cited values.
import type { Line } from "../wire/types.ts";

const NEARLY = 0.9;
const NUMBER = /^\d+(?:[.,]\d+)?$/;
const TELLING = /value|result|dose|component/i;

/** Indexes of the lines that the sentence most likely cites; none where no line has anything to do with it. */
export function citedLines(lines: Line[], sentence: string): number[] {
  const heard = tokens(sentence);
  const values = lines.flatMap((line, i) => (TELLING.test(line.label) && numbers(line).some((one) => heard.has(one)) ? [i] : []));
  if (values.length) return values;
  const scores = lines.map((line) => (line.path.length ? score(line, heard) : 0));
  const best = Math.max(0, ...scores);
  return best > 0 ? scores.flatMap((one, i) => (one >= best * NEARLY ? [i] : [])) : [];
}

function score(line: Line, heard: Set<string>): number {
  const words = [...tokens(line.text)];
  const hits = words.filter((word) => heard.has(word)).length + numbers(line).filter((one) => heard.has(one)).length;
  return words.length ? hits / Math.sqrt(words.length) : 0;
}

const numbers = (line: Line): string[] => [...tokens(line.text)].filter((one) => NUMBER.test(one));

/** Words, days and numbers; "19.0" and "19" are the same. */
function tokens(text: string): Set<string> {
  const found = text.toLowerCase().match(/\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)?|[\p{L}]{3,}/gu) ?? [];
  return new Set(found.map((token) => (NUMBER.test(token) ? String(Number(token.replace(",", "."))) : token)));
}

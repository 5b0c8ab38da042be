// JSON -> lines of tokens to be shown as text, with the values at some paths marked.
import type { Path } from "../wire/types.ts";

export type Token = { text: string; kind: "key" | "string" | "number" | "word" | "mark" };
export interface JsonLine {
  depth: number;
  tokens: Token[];
  marked: boolean;
}

const LONGEST = 600;

/** Return the lines of a value; those at or under one of the paths are marked. */
export function jsonLines(value: unknown, paths: Path[] = []): JsonLine[] {
  const lines: JsonLine[] = [];
  write(lines, value, [], 0, [], paths.filter((goal) => goal.length).map((goal) => goal.map(String)), "");
  return lines;
}

function write(
  lines: JsonLine[], value: unknown, before: Token[], depth: number, at: string[], goals: string[][], comma: string,
): void {
  const marked = goals.some((goal) => goal.every((step, i) => at[i] === step));
  const add = (tokens: Token[]) => lines.push({ depth, tokens, marked });
  if (value === null || typeof value !== "object") {
    add([...before, leaf(value), ...mark(comma)]);
    return;
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (!entries.length) {
    add([...before, ...mark(`${list ? "[]" : "{}"}${comma}`)]);
    return;
  }
  add([...before, ...mark(list ? "[" : "{")]);
  entries.forEach(([key, inner], i) => {
    const named: Token[] = list ? [] : [{ text: JSON.stringify(key), kind: "key" }, { text: ": ", kind: "mark" }];
    write(lines, inner, named, depth + 1, [...at, key], goals, i < entries.length - 1 ? "," : "");
  });
  add(mark(`${list ? "]" : "}"}${comma}`));
}

function leaf(value: unknown): Token {
  const text = JSON.stringify(value) ?? "null";
  if (typeof value !== "string") return { text, kind: typeof value === "number" ? "number" : "word" };
  const cut = text.length > LONGEST;
  return { text: cut ? `${text.slice(0, LONGEST)}… (${text.length - LONGEST} more characters)` : text, kind: "string" };
}

const mark = (text: string): Token[] => (text ? [{ text, kind: "mark" }] : []);

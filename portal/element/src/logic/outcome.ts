// An answer -> which of the kinds of answer it is, and how that is said. Colour and icon only repeat the words.
import type { Answer } from "../wire/types.ts";

export type Outcome = "found" | "none" | "declined" | "unread" | "asks" | "unsupported";

export interface Note {
  kind: "unread" | "narrow" | "unsupported" | "fallback";
  label: string;
  lines: string[];
}

export interface Reading {
  outcome: Outcome;
  label: string;
  meaning: string;
  notes: Note[];
}

const DECLINED: Record<string, string> = {
  advice: "Not answered: it gives no advice",
  opinion: "Not answered: it holds no opinion",
  "another patient": "Not answered: one patient only",
  "not in a record": "Not answered: no record says this",
};

const LABELS: Record<Outcome, [string, string]> = {
  found: ["From the record", ""],
  none: ["Not recorded", "The record was read, and it holds no such entry."],
  declined: ["Not answered", ""],
  unread: [
    "Could not be read",
    "Part of the record could not be read, so this does not mean that nothing is recorded.",
  ],
  asks: ["Which one is meant?", ""],
  unsupported: ["Not supported by the record", "Not every statement here is backed by an entry of the record."],
};

/** Tell what kind of answer this is. */
export function reading(answer: Answer): Reading {
  const outcome = outcomeOf(answer);
  const [label, meaning] = LABELS[outcome];
  const notes = notesOf(answer, outcome);
  if (outcome === "none" && leftOut(answer).length) {
    const meaning = "Only what is in scope was looked at; the rest of the record may hold it.";
    return { outcome, label: "Not recorded within the scope", meaning, notes };
  }
  const said = outcome === "declined" ? (DECLINED[answer.declined ?? ""] ?? label) : label;
  return { outcome, label: said, meaning, notes };
}

function outcomeOf(answer: Answer): Outcome {
  if (answer.ask_back) return "asks";
  if (answer.declined) return "declined";
  if (!answer.grounded) return "unsupported";
  const nothing = answer.abstained || (!answer.citations.length && !answer.evidence.length && isEmpty(answer.values));
  if (nothing) return problemsOf(answer).length ? "unread" : "none";
  return "found";
}

/** Nothing, "no" or zero: with no resource behind it, that says that nothing is recorded. */
function isEmpty(values: unknown[]): boolean {
  return values.every((value) => value === false || value === 0);
}

/** "12 left out: the reader narrowed to …": the reader's own scope kept it out, nothing failed. */
const LEFT_OUT = /^[\d ]*left out: the reader narrowed to /;

/** What could not be read, in the record's own order, each once. */
export const problemsOf = (answer: Answer): string[] => said(answer, (problem) => !LEFT_OUT.test(problem));

/** What the reader's scope kept out. */
export const leftOut = (answer: Answer): string[] => said(answer, (problem) => LEFT_OUT.test(problem));

function said(answer: Answer, wanted: (problem: string) => boolean): string[] {
  const all = answer.coverage.flatMap((one) => one.problems.filter(wanted).map((problem) => `${one.kind}: ${problem}`));
  return [...new Set(all)];
}

function notesOf(answer: Answer, outcome: Outcome): Note[] {
  const notes: Note[] = [];
  const problems = problemsOf(answer);
  const unread = outcome === "unread" ? "What could not be read" : "Part of the record could not be read";
  if (problems.length) notes.push({ kind: "unread", label: unread, lines: problems });
  const outside = leftOut(answer);
  if (outside.length) notes.push({ kind: "narrow", label: "Left out by the scope", lines: outside });
  const { unsupported } = answer;
  if (unsupported.length) {
    const label = `${counted(unsupported.length, "statement")} taken out: not supported by the record`;
    notes.push({ kind: "unsupported", label, lines: unsupported });
  }
  if (answer.fallback) {
    notes.push({ kind: "fallback", label: "Answered without the model", lines: [answer.fallback] });
  }
  return notes;
}

/** "1 fact", "2 searches", "1,594 entries". */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : noun.endsWith("ch") ? `${noun}es` : `${noun}s`;
  return `${count.toLocaleString("en")} ${many}`;
}

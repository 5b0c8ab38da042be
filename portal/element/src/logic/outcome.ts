// An answer -> how its question ended, said in a label, a sign and a sentence. Colour and sign only repeat the words.
import type { Answer } from "../wire/types.ts";

/** Values of a reading that are shown beside it. */
const MOST_VALUES = 3;

export type Outcome = Answer["outcome"];
/** The look of an answer: how it ended, or that the record does not support it. */
export type Look = "found" | "none" | "unread" | "misread" | "declined" | "asks" | "failed" | "unsupported";

export interface Note {
  kind: "unread" | "narrow" | "unsupported" | "fallback";
  label: string;
  lines: string[];
}

export interface Reading {
  look: Look;
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

type Words = [Look, label: string, meaning: string];

const WORDS: Record<Outcome, Words> = {
  answered: ["found", "From the record", ""],
  "not recorded": ["none", "Not recorded", "The record was read, and it does not say."],
  unreadable: [
    "unread",
    "Could not be read",
    "Part of the record could not be read, so this does not mean that nothing is recorded.",
  ],
  "not understood": [
    "misread",
    "Not understood",
    "Nothing was looked up, so this says nothing of the record. Ask for one thing in plain words: a diagnosis, a medicine, "
      + "a value or a visit, and when.",
  ],
  declined: ["declined", "Not answered", ""],
  "asked back": ["asks", "Which one is meant?", ""],
  failed: ["failed", "Could not be answered", "The question was understood, but not worked out. This says nothing of the record."],
};

const UNSUPPORTED: Words = [
  "unsupported", "Not supported by the record", "Not every statement here is backed by an entry of the record.",
];

const UNDECIDED: Words = [
  "unsupported", "Not wholly checked", "Part of this could not be held against the record: see below.",
];

/** How a question is labelled that has no answer object, as the portal could not make one. */
export const FAILED = WORDS.failed[1];

/** Whether the answer speaks of the record, so that its statements were held against it. */
export const isChecked = ({ outcome, grounded }: Answer): boolean =>
  grounded && (outcome === "answered" || outcome === "not recorded");

/** Tell how a question ended. */
export function reading(answer: Answer): Reading {
  const [look, label, meaning] = wordsOf(answer);
  return { look, label, meaning, notes: notesOf(answer, look) };
}

function wordsOf(answer: Answer): Words {
  const { outcome, declined, left_out: notUnderstood, citations, grounded } = answer;
  const words = WORDS[outcome];
  const [look, label] = words;
  if (outcome === "declined") return [look, DECLINED[declined ?? ""] ?? label, ""];
  if (outcome === "not understood" && citations.length) {
    return [look, "Not decided", `${quoted(notUnderstood)} was not understood. What is shown answers only the rest.`];
  }
  if (outcome === "not understood" && notUnderstood.length) {
    return [look, label, `${quoted(notUnderstood)} was not understood, so this says nothing of the record.`];
  }
  if (outcome === "not understood" || outcome === "asked back" || outcome === "failed") return words;
  if (answer.checked.undecided.length) return UNDECIDED;
  if (!grounded) return UNSUPPORTED;
  if (outcome === "answered") return words;
  const [failed, outside] = [problemsOf(answer).length > 0, leftOut(answer).length > 0];
  if (outcome === "unreadable" && outside && !failed) {
    return [look, "Left out by the scope", "What may hold this is not in scope, so this does not mean that nothing is recorded."];
  }
  if (outcome === "not recorded" && outside) {
    return [look, "Not recorded within the scope", "Only what is in scope was looked at; the rest of the record may hold it."];
  }
  return outcome === "not recorded" && failed ? [look, label, "What could be read of the record does not say."] : words;
}

const quoted = (words: readonly string[]): string =>
  words.length ? words.map((word) => `“${word}”`).join(", ") : "Part of the question";

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

function notesOf(answer: Answer, look: Look): Note[] {
  const notes: Note[] = [];
  const problems = problemsOf(answer);
  const unread = look === "unread" ? "What could not be read" : "Part of the record could not be read";
  if (problems.length) notes.push({ kind: "unread", label: unread, lines: problems });
  const outside = leftOut(answer);
  if (outside.length) notes.push({ kind: "narrow", label: "Left out by the scope", lines: outside });
  const { unsupported } = answer;
  if (unsupported.length) {
    const label = `${counted(unsupported.length, "statement")} taken out: not supported by the record`;
    notes.push({ kind: "unsupported", label, lines: unsupported });
  }
  const { undecided } = answer.checked;
  if (undecided.length) notes.push({ kind: "unsupported", label: "What the check could not decide", lines: undecided });
  const { reworded } = answer.checked;
  if (reworded.length) {
    notes.push({ kind: "fallback", label: "Told by code, as the model's words could not be followed", lines: reworded });
  }
  if (answer.fallback) {
    notes.push({ kind: "fallback", label: "Answered without the model", lines: [answer.fallback] });
  }
  return notes;
}

/** "1 fact", "2 searches", "1,594 entries". */
/** What a reading would be answered with, "" where there is no such reading. */
export function valuesOf(reading: Answer["readings"][number] | undefined): string {
  if (!reading) return "";
  const shown = reading.values.map((value) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value)));
  const more = shown.length - MOST_VALUES;
  const unit = reading.unit && more <= 0 ? ` ${reading.unit}` : "";
  return `${shown.slice(0, MOST_VALUES).join(", ") || "none recorded"}${unit}${more > 0 ? ` and ${more} more` : ""}`;
}

export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : noun.endsWith("ch") ? `${noun}es` : `${noun}s`;
  return `${count.toLocaleString("en")} ${many}`;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { citedLines } from "../src/logic/cited.ts";
import { blocks, citingLine, draftText, pieces } from "../src/logic/citations.ts";
import { escaped, plainText, richText } from "../src/logic/copying.ts";
import { jsonLines } from "../src/logic/json.ts";
import { counted, reading } from "../src/logic/outcome.ts";
import { age, diedOn, holding } from "../src/logic/people.ts";
import { withOwnRange } from "../src/logic/ranges.ts";
import { isNarrow, same, tidied, worded } from "../src/logic/scope.ts";
import { after, begun, summary } from "../src/logic/steps.ts";
import { suggestions } from "../src/logic/suggestions.ts";
import { dated, noteOf } from "../src/logic/wording.ts";
import type { Answer, Kind, Patient, Path, Series, Told } from "../src/wire/types.ts";

const A1C = { reference: "Observation/a1c", display: "HbA1c <b>", date: "2025-12-24" };
const answer = (other: Partial<Answer> = {}): Answer => ({
  question: "HbA1c?", patient: "Patient/x", now: "2026-01-01", answer: "It was 7.3 % [Observation/a1c].", values: [7.3],
  unit: "%", citations: [A1C], evidence: [A1C.reference], coverage: [], outcome: "answered", left_out: [],
  read_as: "HbA1c: the last value", sure: 1, readings: [],
  abstained: false, assessment: null, grounded: true, checked: { recomputed: [], quoted: [], undecided: [], reworded: [] }, unsupported: [],
  plan: [{ id: "a", tool: "measure", arguments: {}, answers: true }], declined: null, fallback: "", ask_back: "", options: [],
  usage: { model: "none", model_calls: 0, prompt_tokens: 0, completion_tokens: 0, seconds: 0.31 }, id: "1", scope: null,
  choice: "", conversation: "", ...other,
});
const nothing = { answer: "Not recorded: malaria.", citations: [], evidence: [], values: [], abstained: true };
const unread = [{ kind: "Observation", searched: 2, span: null, problems: ["1 could not be read: id is missing"] }];
const outside = [{ kind: "Observation", searched: 2, span: null, problems: ["9 left out: the reader narrowed to until 2010-12-31"] }];
const KINDS = ["Condition", "Observation", "Procedure", "Encounter"].map(
  (kind): Kind => ({ kind, label: `${kind}s`, count: 1, first: null, last: null, problems: [] }),
);

test("the answer's own sources become numbers, other brackets stay", () => {
  assert.deepEqual(pieces("Insulin [Humulin] [Observation/a1c] [Observation/b].", [A1C]), [
    { text: "Insulin [Humulin]" }, { number: 1, citation: A1C }, { text: " [Observation/b]." },
  ]);
});

test("lines that begin with a dash are a list", () => {
  const made = blocks("Two:\n- a [Observation/a1c]\n- b\nEnd", [A1C]);
  assert.deepEqual(made.map((block) => (block.list ? block.items.length : 0)), [0, 2, 0]);
});

test("a draft shows no half source", () => {
  assert.equal(draftText("It was 7 [Observation/a1c], then [Observ"), "It was 7 •, then");
  assert.equal(draftText("Insulin [Humulin] now"), "Insulin [Humulin] now");
});

test("the sentence that cites is found", () =>
  assert.equal(citingLine("One.\nIt was 7.3 % [Observation/a1c].", "Observation/a1c"), "It was 7.3 %."));

const misread: Partial<Answer> = { ...nothing, outcome: "not understood", plan: [] };
const undecided: Partial<Answer> = { outcome: "not understood", values: [], left_out: ["lower"], abstained: true };
const OUTCOMES: [string, Partial<Answer>, string, string][] = [
  ["an answer with a source", {}, "found", "From the record"],
  ["no, as nothing is recorded", { ...nothing, values: [false], abstained: false }, "found", "From the record"],
  ["a no that has a resource behind it", { values: [false] }, "found", "From the record"],
  ["something found where something could not be read", { coverage: unread }, "found", "From the record"],
  ["not recorded", { ...nothing, outcome: "not recorded" }, "none", "Not recorded"],
  ["not recorded in what could be read", { ...nothing, outcome: "not recorded", coverage: unread }, "none", "Not recorded"],
  ["not recorded in what is in scope", { ...nothing, outcome: "not recorded", coverage: outside }, "none", "Not recorded within the scope"],
  ["unreadable", { ...nothing, outcome: "unreadable", coverage: unread }, "unread", "Could not be read"],
  ["left out by the reader", { ...nothing, outcome: "unreadable", coverage: outside }, "unread", "Left out by the scope"],
  ["thanks", misread, "misread", "Not understood"],
  ["a word that is not known", { ...misread, left_out: ["since the earthquake"] }, "misread", "Not understood"],
  ["a yes or no with entries beside it", undecided, "misread", "Not decided"],
  ["a yes or no without entries", { ...undecided, ...nothing }, "misread", "Not understood"],
  ["advice", { ...nothing, outcome: "declined", declined: "advice" }, "declined", "Not answered: it gives no advice"],
  ["asked back", { outcome: "asked back", ask_back: "Which?", options: ["a", "b"] }, "asks", "Which one is meant?"],
  ["failed", { ...nothing, outcome: "failed" }, "failed", "Could not be answered"],
  ["not supported", { grounded: false, unsupported: ["It will rise. (no)"] }, "unsupported", "Not supported by the record"],
  ["not understood and not supported", { ...misread, grounded: false }, "misread", "Not understood"],
];
for (const [name, other, look, label] of OUTCOMES) {
  test(`outcome: ${name}`, () => {
    const read = reading(answer(other));
    assert.deepEqual([read.look, read.label], [look, label]);
  });
}

test("only what was looked for in the record is said to be not recorded, or checked", () => {
  for (const [, other, look] of OUTCOMES) {
    const made = answer(other);
    const { label, meaning } = reading(made);
    assert.equal(/not recorded|does not say/i.test(`${label} ${meaning}`), look === "none");
    assert.equal(summary(null, made).includes("every statement checked"), look === "none" || look === "found");
  }
});

test("what was not understood is named, and what can be asked", () => {
  assert.match(reading(answer(misread)).meaning, /^Nothing was looked up, .* Ask for one thing in plain words/);
  assert.equal(
    reading(answer(undecided)).meaning, "“lower” was not understood. What is shown answers only the rest.",
  );
});

test("what was taken out and what could not be read is noted beside an answer", () => {
  const notes = reading(answer({ unsupported: ["a", "b"], coverage: [...unread, ...unread], fallback: "slow" })).notes;
  assert.deepEqual(notes.map((note) => note.label), [
    "Part of the record could not be read", "2 statements taken out: not supported by the record", "Answered without the model",
  ]);
  assert.deepEqual(notes[0]?.lines, ["Observation: 1 could not be read: id is missing"]);
});

test("numbers and their nouns", () =>
  assert.deepEqual([counted(1, "entry"), counted(1594, "entry"), counted(2, "search"), counted(0, "fact")],
    ["1 entry", "1,594 entries", "2 searches", "0 facts"]));

const SCOPES: [object | null, string][] = [
  [null, "whole record"],
  [{}, "whole record"],
  [{ kinds: [], since: null, until: null }, "whole record"],
  [{ since: "2019-01-01", until: "2021-12-31" }, "2019 – 2021"],
  [{ since: "2019-01-01", until: "2019-12-31" }, "2019"],
  [{ since: "2019-05-02" }, "since 2019-05-02"],
  [{ kinds: ["Observation"], until: "2021-12-31" }, "Observations, until 2021"],
  [{ kinds: ["Condition", "Observation", "Procedure", "Goal"] }, "Conditions, Observations and 2 more kinds"],
];
for (const [scope, words] of SCOPES) test(`scope: ${words}`, () => assert.equal(worded(scope, KINDS), words));

test("a scope that narrows nothing is none", () => {
  assert.deepEqual(tidied({ kinds: KINDS.map((kind) => kind.kind), since: "", until: null }, KINDS), {});
  assert.equal(isNarrow({ kinds: [], since: null }), false);
  assert.ok(same({ kinds: ["a", "b"] }, { kinds: ["b", "a"], since: null }));
});

test("steps are summed up, and another attempt begins anew", () => {
  const told = (name: string, data: unknown) => ({ id: "1", name, data }) as Told;
  const steps = [
    told("plan", [{ tool: "measure", arguments: {} }]), told("tool", { tool: "measure", arguments: {}, outcome: "found" }),
    told("facts", { facts: [{ text: "a", reference: "" }], total: 3 }), told("writing", { text: "It " }),
    told("writing", { text: "was" }),
  ].reduce(after, begun());
  assert.equal(steps.draft, "It was");
  assert.equal(steps.phase, "write");
  assert.equal(summary(steps, answer()), "1 search · 3 facts · every statement checked · 0.3 s");
  assert.equal(summary(null, answer({ plan: [], outcome: "declined", declined: "advice" })), "No search needed · 0.3 s");
  assert.deepEqual(after(steps, told("scope", {})), begun());
});

test("JSON is marked at a path", () => {
  const lines = jsonLines({ id: "a", component: [{ v: 1 }, { v: { x: 2 } }], e: [] }, [["component", 1, "v"], []]);
  const text = (line: (typeof lines)[number]) => line.tokens.map((token) => token.text).join("");
  assert.deepEqual(lines.filter((line) => line.marked).map(text), ['"v": {', '"x": 2', "}"]);
  assert.deepEqual(JSON.parse(lines.map(text).join("")), { id: "a", component: [{ v: 1 }, { v: { x: 2 } }], e: [] });
});

test("the line with the cited value is found", () => {
  const lines = [
    { label: "Taken", text: "2025-12-24", path: ["effectiveDateTime"] }, { label: "Value", text: "7.3 %", path: ["valueQuantity"] },
    { label: "Code", text: "4548-4", path: ["code"] },
  ];
  assert.deepEqual(citedLines(lines, "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24"), [1]);
  assert.deepEqual(citedLines(lines, "Something else"), []);
  const weighed = [{ label: "began", text: "1926-05-29", path: ["effectiveDateTime"] }, { label: "value", text: "19.0 kg", path: ["valueQuantity"] }];
  assert.deepEqual(citedLines(weighed, "- 19 kg on 1926-05-29"), [1]);
  const parts = ["Systolic blood pressure: 143.1 mm[Hg]", "Diastolic blood pressure: 92.2 mm[Hg]"].map(
    (text, i) => ({ label: "component", text, path: ["component", i] as Path }),
  );
  assert.deepEqual(citedLines([...lines, ...parts], "The latest blood pressure was 143.1/92.2 mmHg on 2025-12-24"), [3, 4]);
});

test("a copy says what the model concluded apart, and that nobody verified it", () => {
  const one = answer({ assessment: { text: "Control <b>improved</b> [Observation/a1c].", citations: [A1C] } });
  assert.match(plainText(one), /\n\nWhat the model concludes; the record does not say it, and nobody verified it: Control <b>improved<\/b> \[1\]\.\n/);
  assert.match(richText(one), /nobody verified it: Control &lt;b&gt;improved&lt;\/b&gt; \[1\]\.<\/em>/);
  assert.doesNotMatch(plainText(answer({ assessment: { text: "", citations: [] } })), /concludes/);
});

test("a copy has numbers and sources, and its HTML holds no markup from the record", () => {
  const one = answer({ answer: "<img src=x> was 7.3 % [Observation/a1c]." });
  assert.equal(plainText(one), "<img src=x> was 7.3 % [1].\n\nSources:\n[1] HbA1c <b>, 2025-12-24, Observation/a1c\n\nQuestion: HbA1c? (record as of 2026-01-01)");
  assert.doesNotMatch(richText(one), /<(?!\/?(p|ul|ol|li)>)/);
  const none = answer({ ...nothing, outcome: "not recorded" });
  assert.equal(plainText(none).split("\n")[0], "[not recorded] Not recorded: malaria.");
  assert.ok(richText(none).startsWith("<p>[not recorded]</p>"));
  assert.equal(escaped(`<&>"'`), "&lt;&amp;&gt;&quot;&#39;");
});

const held: Kind = { ...KINDS[0]!, count: 1200, first: "1967-11-01", last: "2025" };
const HELD: [string, Partial<Patient>, string][] = [
  ["all are counted", { resources: 2592, kinds: [held, ...KINDS] }, "2,592 entries, 1967 – 2025"],
  ["a server did not count them", { resources: null, kinds: [held, ...KINDS] }, "At least 1,204 entries, 1967 – 2025"],
  ["none has a date", { resources: null, kinds: KINDS }, "At least 4 entries"],
  ["nothing could be read", { resources: null, kinds: [{ ...KINDS[0]!, count: 0 }] }, "How many entries there are is not known"],
  ["there is nothing", { resources: 0, kinds: [] }, "0 entries"],
];
for (const [name, other, words] of HELD) {
  const who = { reference: "Patient/x", name: "", gender: "", born: "", died: "", problems: [], resources: 0, kinds: [], ...other };
  test(`what a record holds: ${name}`, () => assert.equal(holding(who), words));
}

// @ts-expect-error: what the API may leave open is no number
export const careless = ({ resources }: Patient): string => resources.toLocaleString();

test("a death without a date has no day", () =>
  assert.deepEqual(["true", "2019-06", "2019-06-30T10:00:00Z", ""].map((died) => diedOn({ died } as Patient)), ["", "2019-06", "2019-06-30", ""]));

const AGES: [string, string, string][] = [
  ["1967-11-01", "2026-01-01", "58 years"], ["1967-01-02", "2026-01-01", "58 years"], ["2024-12-24", "2026-01-01", "12 months"],
  ["2025-12-02", "2026-01-01", "30 days"], ["1967", "2026-01-01", ""], ["", "2026-01-01", ""], ["2027-01-01", "2026-01-01", ""],
];
for (const [born, day, words] of AGES) test(`age: ${born || "no date"} on ${day}`, () => assert.equal(age(born, day), words));

test("moments are shortened, and a note does not repeat the name", () => {
  assert.equal(dated("2025-12-24T06:44:49.127932+01:00"), "2025-12-24 06:44 (+01:00)");
  assert.equal(dated("2025-12-24T06:44:49Z"), "2025-12-24 06:44 (UTC)");
  assert.equal(dated("on 2025-12-24T06:44:49Z"), "on 2025-12-24T06:44:49Z");
  assert.equal(noteOf("Latex", "Latex, active, since 1967-11-08", "1967-11-08T06:44:49Z"), "active");
  assert.equal(noteOf("Flu", "Flu, active, 1967-11-08 to 1968-01-01", "1967-11-08"), "active, 1967-11-08 to 1968-01-01");
  assert.equal(noteOf("Screening", "Screening, done 2025-12-24", "2025-12-24"), "done");
  assert.equal(noteOf("Latex", "active", ""), "active");
});

test("a curve without a range takes that of the opened entry, in the same unit alone", () => {
  const curve: Series = { name: "Systolic", unit: "mmHg", low: null, high: null, points: [], left_out: 0 };
  const json = (code: string) => ({ valueQuantity: { value: 143, code: "mm[Hg]" }, referenceRange: [{ low: { value: 90, code }, high: { value: 120, code } }] });
  const limits = (made: Series[]) => made.map(({ low, high }) => [low, high]);
  assert.deepEqual(limits(withOwnRange([curve], json("mm[Hg]"))), [[90, 120]]);
  assert.deepEqual(limits(withOwnRange([curve], json("kPa"))), [[null, null]]);
  assert.deepEqual(limits(withOwnRange([curve, curve], json("mm[Hg]"))), [[null, null], [null, null]]);
  assert.deepEqual(withOwnRange([curve], null), [curve]);
});

test("first questions fit what the record holds", () => {
  assert.deepEqual(suggestions(KINDS.slice(0, 1)), ["Which conditions are active?"]);
  assert.ok(suggestions([]).length >= 4);
});

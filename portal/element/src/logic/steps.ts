// The events of a run -> its steps so far, one line that sums them up, and what it is doing now.
import type { Answer, Call, EvidenceCall, Fact, Told } from "../wire/types.ts";
import { counted, isChecked } from "./outcome.ts";

export interface Steps {
  phase: "plan" | "read" | "write" | "check";
  plan: Call[];
  calls: EvidenceCall[];
  draft: string;
  drafts: number;
  thinking: string;
  checked: boolean;
  unsupported: { text: string; reason: string }[];
  troubles: string[];
}

export const begun = (): Steps => ({
  phase: "plan", plan: [], calls: [], draft: "", drafts: 0, thinking: "", checked: false, unsupported: [],
  troubles: [],
});

/** Return the steps after one more event. */
export function after(steps: Steps, { name, data }: Told): Steps {
  switch (name) {
    case "scope":
      return begun();
    case "plan":
      return { ...steps, phase: "read", plan: data };
    case "tool":
      return { ...steps, phase: "read", calls: [...steps.calls, { ...data, facts: [], total: 0 }] };
    case "facts":
      return { ...steps, calls: withFacts(steps.calls, data.facts, data.total) };
    case "thinking":
      return { ...steps, phase: "write", thinking: steps.thinking + data.text };
    case "writing":
      return { ...steps, phase: "write", draft: (steps.checked ? "" : steps.draft) + data.text, checked: false };
    case "text":
      return { ...steps, phase: "check", draft: data.text, drafts: steps.drafts + 1, checked: false };
    case "check":
      return { ...steps, phase: "write", checked: true, unsupported: [...steps.unsupported, ...data.unsupported] };
    case "trouble":
      return { ...steps, troubles: [...steps.troubles, data.text] };
    default:
      return steps;
  }
}

function withFacts(calls: EvidenceCall[], facts: Fact[], total: number): EvidenceCall[] {
  const last = calls.at(-1);
  return last ? [...calls.slice(0, -1), { ...last, facts, total }] : calls;
}

const NOW = {
  plan: "Planning what to look up…",
  read: "Reading the record…",
  write: "Writing from the facts…",
  check: "Checking every statement…",
};

/** Say what the run is doing. */
export const doing = (steps: Steps): string => NOW[steps.phase];

/** Sum up in one line: "1 search · 3 facts · every statement checked · 0.3 s". */
export function summary(steps: Steps | null, answer: Answer): string {
  const searches = steps?.calls.length ?? answer.plan.length;
  const facts = steps?.calls.reduce((sum, call) => sum + call.total, 0);
  const said = [
    searches ? counted(searches, "search") : "No search needed",
    ...(facts ? [counted(facts, "fact")] : []),
    ...(isChecked(answer) ? ["every statement checked"] : []),
    took(answer.usage.seconds),
  ];
  return said.join(" · ");
}

function took(seconds: number): string {
  if (seconds < 0.1) return "under 0.1 s";
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** A call in one line: "measure: concept HbA1c, pick last". */
export function callText({ tool, arguments: given }: Pick<Call, "tool" | "arguments">): string {
  const named = Object.entries(given).map(([name, value]) => `${name} ${plain(value)}`);
  return named.length ? `${tool}: ${named.join(", ")}` : tool;
}

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

// What a record holds -> first questions that it can answer.
import type { Kind } from "../wire/types.ts";

const ASKED: [RegExp, string][] = [
  [/^condition/i, "Which conditions are active?"],
  [/^medication ?(request|statement)?$/i, "What medications are active?"],
  [/^observation/i, "What was the last blood pressure?"],
  [/^observation/i, "How did the weight change over the last 5 years?"],
  [/^allerg/i, "Are any allergies recorded?"],
  [/^encounter/i, "When was the last visit, and why?"],
  [/^procedure/i, "Which procedures were done in the last 3 years?"],
  [/^immuni/i, "Which vaccinations are recorded?"],
];
const MOST = 6;

export const suggestions = (kinds: Kind[]): string[] =>
  ASKED.filter(([form]) => !kinds.length || kinds.some((one) => form.test(one.kind) && one.count > 0))
    .map(([, question]) => question)
    .slice(0, MOST);

// A kind of resource -> two letters and a word, so that it is told by more than colour.

const KNOWN: [RegExp, string, string][] = [
  [/^condition/i, "Dx", "Condition"],
  [/^medication ?(request|statement)?$/i, "Rx", "Medication"],
  [/^(administration|medication(administration|dispense))/i, "Ad", "Given"],
  [/^procedure/i, "Px", "Procedure"],
  [/^encounter/i, "En", "Encounter"],
  [/^observation/i, "Ob", "Observation"],
  [/^immuni/i, "Im", "Immunization"],
  [/^allerg/i, "Al", "Allergy"],
  [/^(diagnostic)?report/i, "Re", "Report"],
  [/^imaging/i, "Ig", "Imaging"],
  [/^document/i, "Do", "Document"],
  [/^care ?plan/i, "Cp", "Care plan"],
  [/^care ?team/i, "Ct", "Care team"],
  [/^goal/i, "Go", "Goal"],
  [/^device/i, "De", "Device"],
  [/^(claim|explanation)/i, "Cl", "Claim"],
];

export const lettersOf = (kind: string): string =>
  KNOWN.find(([form]) => form.test(kind))?.[1] ?? kind.slice(0, 2).padEnd(1, "·");

export const wordOf = (kind: string): string => KNOWN.find(([form]) => form.test(kind))?.[2] ?? kind;

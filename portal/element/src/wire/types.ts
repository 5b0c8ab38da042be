// What the portal's API says, as far as the element reads it.

export interface Me {
  subject: string;
  name: string;
  patient: string;
  banner: boolean;
  model: string;
  today: string;
  answers_from: string;
}

export interface PatientSummary {
  reference: string;
  name: string;
  gender: string;
  born: string;
  died: string;
  resources: number;
}

export interface Kind {
  kind: string;
  label: string;
  count: number;
  first: string;
  last: string;
  problems: string[];
}

export interface Patient extends PatientSummary {
  kinds: Kind[];
  problems: string[];
}

export interface Scope {
  kinds?: string[] | null;
  since?: string | null;
  until?: string | null;
}

export interface Citation {
  reference: string;
  display: string;
  date: string;
}

export interface Coverage {
  kind: string;
  searched: number;
  span: [string, string] | null;
  problems: string[];
}

export interface Call {
  tool: string;
  arguments: Record<string, unknown>;
}

export interface Answer {
  id?: string;
  question: string;
  patient: string;
  now: string;
  answer: string;
  values: unknown[];
  unit: string;
  citations: Citation[];
  evidence: string[];
  coverage: Coverage[];
  abstained: boolean;
  grounded: boolean;
  unsupported: string[];
  plan: Call[];
  usage: { model: string; seconds: number };
  declined: string | null;
  fallback: string;
  ask_back: string;
  /** What the record was narrowed to for it; null if to nothing. */
  scope?: Scope | null;
  options: string[];
}

export interface Feedback {
  verdict: Verdict;
  comment?: string;
}

export type Verdict = "right" | "wrong" | "unclear";

export interface Question {
  id: string;
  question: string;
  status: string;
  answer: Answer | null;
  error: string | null;
  feedback: Feedback | null;
  scope?: Scope | null;
  is_reply?: boolean;
}

export interface Conversation {
  id: string;
  patient: string;
  scope: Scope | null;
  created: string;
  first?: string;
  questions: Question[];
}

export interface Fact {
  text: string;
  reference: string;
  date?: string;
}

export interface EvidenceCall extends Call {
  outcome: string;
  facts: Fact[];
  total: number;
}

export interface Happening {
  reference: string;
  kind: string;
  display: string;
  start: string;
  end: string | null;
  note: string;
}

export interface Point {
  date: string;
  value: number;
  reference: string;
}

export interface Series {
  name: string;
  unit: string;
  low: number | null;
  high: number | null;
  points: Point[];
  left_out?: number;
  /** The range is that of the opened observation; others may state another. */
  own?: boolean;
}

export interface Line {
  label: string;
  text: string;
  /** Steps into the JSON; none where the line is no single value of it. */
  path: Path;
}

export type Path = (string | number)[] | string;

export interface Resource {
  reference: string;
  kind: string;
  title: string;
  status: string;
  caution: string;
  lines: Line[];
  json: unknown;
}

// The element's names for what the portal's API says. The shapes are in api.ts, which `make page` makes of the API's description.
import type { components, paths } from "./api.ts";

type Shapes = components["schemas"];

export type Me = Shapes["Me"];
export type PatientSummary = Shapes["PatientLine"];
export type Patient = Shapes["PatientDetail"];
export type Kind = Shapes["KindLine"];
export type Happening = Shapes["Happening"];
export type Resource = Shapes["Resource"];
export type Line = Shapes["ResourceLine"];
/** Steps into the JSON; none where the line is no single value of it. */
export type Path = Line["path"];
export type Point = Shapes["SeriesPoint"];
/** `own`: the range is that of the opened observation; others may state another. */
export type Series = Shapes["Series"] & { own?: boolean };
export type Conversation = Shapes["ShownConversation"];
export type Question = Shapes["ShownQuestion"];
/** As it may be sent; what the portal says of one has every part. */
export type Scope = Shapes["Scope-Input"];
export type Feedback = Shapes["Feedback-Output"];
export type Verdict = Feedback["verdict"];
export type Answer = Shapes["Told"];
export type Citation = Shapes["Citation"];
export type Call = Shapes["PlannedCall"];
export type EvidenceCall = Shapes["ShownCall"];
export type Fact = Shapes["ShownFact"];

/** An event of a question that is being answered: its name says what it carries. */
export type Told = { [Name in keyof Shapes["Events"]]: { id: string; name: Name; data: Shapes["Events"][Name] } }[keyof Shapes["Events"]];

export type Method = "get" | "put" | "post" | "patch" | "delete";
/** The paths that take a method. */
export type Route<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
/** What a call takes: parts of its path, its query, its body. */
export type Takes<M extends Method, P extends Route<M>> = Named<paths[P][M]> & Sent<paths[P][M]>;
/** What a call gives. */
export type Gives<M extends Method, P extends Route<M>> = [Given<paths[P][M]>] extends [never] ? void : Given<paths[P][M]>;

type Named<Operation> = Operation extends { parameters: infer Parts } ? Parts : never;
type Sent<Operation> = Operation extends { requestBody: { content: { "application/json": infer Body } } } ? { body: Body } : unknown;
type Given<Operation> = Operation extends { responses: infer By }
  ? { [Status in keyof By]: By[Status] extends { content: { "application/json": infer Body } } ? Body : never }[keyof By]
  : never;

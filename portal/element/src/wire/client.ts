// Calls of the portal's API -> what it says; every failure is a `Problem` with a status and one sentence.
import { SseReader } from "./sse.ts";
import type { paths } from "./api.ts";
import type { Feedback, Gives, Method, Route, Scope, Takes, Told } from "./types.ts";

/** Something went wrong; `status` is 0 where the portal could not be reached. */
export class Problem extends Error {
  constructor(readonly status: number, readonly detail: string) {
    super(detail);
  }
}

const LAST = new Set<Told["name"]>(["answer", "error", "cancelled"]);
const ASKING = "/api/conversations/{id}/questions";
const SILENCE = 45_000;
const WAITS = [300, 1000, 2000, 4000, 8000];
const part = encodeURIComponent;

/** What any call takes. */
interface Parts {
  path?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
}

/** "Patient/x" or "x" -> "x". */
const idOf = (reference: string) => reference.replace(/^Patient\//, "");

export class Client {
  constructor(readonly server: string, private token: string) {}

  me = () => this.json("get", "/api/me", {});
  patients = (search: string, limit = 50) => this.json("get", "/api/patients", { query: { search, limit } });
  patient = (reference: string) => this.json("get", "/api/patients/{id}", { path: { id: idOf(reference) } });
  timeline = (reference: string, kinds: string[], limit = 2000) =>
    this.json("get", "/api/patients/{id}/timeline", { path: { id: idOf(reference) }, query: { kinds: kinds.join(), limit } });
  series = (patient: string, reference: string) =>
    this.json("get", "/api/patients/{id}/series", { path: { id: idOf(patient) }, query: { reference } });
  resource = (patient: string, reference: string) => {
    const [type = "", rid = ""] = reference.split("/");
    return this.json("get", "/api/patients/{id}/resources/{type}/{rid}", { path: { id: idOf(patient), type, rid } });
  };
  /** The picture as a data URL: a page may not be allowed to show anything else. */
  picture = async (patient: string, reference: string, number: number): Promise<string> => {
    const [type = "", rid = ""] = reference.split("/");
    const path = filled("/api/patients/{id}/resources/{type}/{rid}/pictures/{number}", { id: idOf(patient), type, rid, number: String(number) });
    const blob = await (await this.fetch("get", path, undefined, { Accept: "image/png" })).blob();
    return new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(String(reader.result));
      reader.onerror = () => fail(new Problem(502, "The picture could not be read."));
      reader.readAsDataURL(blob);
    });
  };
  conversations = (patient: string) => this.json("get", "/api/conversations", { query: { patient } });
  conversation = (id: string) => this.json("get", "/api/conversations/{id}", { path: { id } });
  begin = (patient: string, scope: Scope) => this.json("post", "/api/conversations", { body: { patient, scope } });
  narrow = (id: string, scope: Scope) => this.json("patch", "/api/conversations/{id}", { path: { id }, body: { scope } });
  remove = (id: string) => this.json("delete", "/api/conversations/{id}", { path: { id } });
  evidence = (id: string) => this.json("get", "/api/questions/{id}/evidence", { path: { id } });
  feedback = (id: string, body: Feedback) => this.json("put", "/api/questions/{id}/feedback", { path: { id }, body });
  cancel = (id: string) => this.json("post", "/api/questions/{id}/cancel", { path: { id } });
  leave = () => this.fetch("post", "launch/end", undefined, { Accept: "text/html" });

  /** Ask, and give each event; a stream that breaks is taken up again where it broke. */
  async *ask(
    conversation: string, said: Takes<"post", typeof ASKING>["body"], named: (id: string) => void, signal: AbortSignal,
  ): AsyncGenerator<Told> {
    const path = filled(ASKING, { id: conversation });
    const response = await this.fetch("post", path, said, { Accept: "text/event-stream" }, signal);
    const streams = response.headers.get("content-type")?.startsWith("text/event-stream");
    let id = streams ? lastPart(response.headers.get("location")) : (await response.json()).id;
    if (id) named(id);
    let last = "";
    if (streams) {
      for await (const told of this.read(response, signal)) {
        last = told.id || last;
        yield told;
        if (LAST.has(told.name)) return;
      }
    }
    if (!id) {
      id = (await this.conversation(conversation)).questions.at(-1)?.id ?? "";
      if (!id) throw new Problem(502, "The portal lost this question. Ask again.");
      named(id);
    }
    yield* this.follow(id, last, signal);
  }

  /** Give the events of a question after the one named, to the last; breaks are mended. */
  async *follow(id: string, after: string, signal: AbortSignal): AsyncGenerator<Told> {
    let last = after;
    for (let tries = 0; tries < WAITS.length; tries++) {
      try {
        const headers: Record<string, string> = { Accept: "text/event-stream" };
        if (last) headers["Last-Event-ID"] = last;
        const response = await this.fetch("get", filled("/api/questions/{id}/events", { id }), undefined, headers, signal);
        for await (const told of this.read(response, signal)) {
          last = told.id || last;
          tries = 0;
          yield told;
          if (LAST.has(told.name)) return;
        }
      } catch (trouble) {
        const mends = trouble instanceof Problem && [0, 429, 502, 503].includes(trouble.status);
        if (!mends || signal.aborted) throw trouble;
      }
      await pause(WAITS[tries] ?? 1000, signal);
    }
    throw new Problem(0, "The connection broke and could not be taken up again. The answer may be in the list later.");
  }

  private async *read(response: Response, signal: AbortSignal): AsyncGenerator<Told> {
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const events = new SseReader();
    try {
      for (;;) {
        const piece = await inTime(reader.read());
        if (piece.done) return;
        for (const sent of events.feed(piece.value)) {
          yield { id: sent.id, name: sent.event, data: JSON.parse(sent.data) } as Told;
        }
      }
    } catch (trouble) {
      if (signal.aborted || trouble instanceof SyntaxError) throw trouble;
    } finally {
      reader.cancel().catch(() => undefined);
    }
  }

  private async json<M extends Method, P extends Route<M>>(method: M, path: P, asked: Takes<M, P>): Promise<Gives<M, P>> {
    const { path: parts = {}, query = {}, body } = asked as Parts;
    const response = await this.fetch(method, filled(path, parts) + queried(query), body, { Accept: "application/json" });
    if (response.status === 202 || response.status === 204) return undefined as Gives<M, P>;
    try {
      return (await response.json()) as Gives<M, P>;
    } catch {
      throw new Problem(502, "The portal sent something that is no JSON.");
    }
  }

  private async fetch(
    method: Method, path: string, body: unknown, headers: Record<string, string>, signal?: AbortSignal,
  ): Promise<Response> {
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (this.token) headers["Authorization"] = `Bearer ${this.token}`;
    let response: Response;
    try {
      response = await fetch(new URL(path, this.server), {
        method: method.toUpperCase(), headers, signal: signal ?? null, body: body === undefined ? null : JSON.stringify(body),
        credentials: this.token ? "omit" : "same-origin", cache: "no-store", referrerPolicy: "no-referrer",
      });
    } catch (trouble) {
      if (signal?.aborted) throw trouble;
      throw new Problem(0, "The portal cannot be reached.");
    }
    if (!response.ok) throw new Problem(response.status, await detailOf(response));
    return response;
  }
}

/** "/api/questions/{id}" -> "api/questions/7", below the portal wherever that is. */
function filled(path: keyof paths, parts: Record<string, string>): string {
  return path.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => part(parts[name]!));
}

function queried(named: Record<string, string | number>): string {
  const kept = Object.entries(named).filter(([, value]) => value !== "");
  return kept.length ? "?" + kept.map(([name, value]) => `${name}=${part(value)}`).join("&") : "";
}

async function detailOf(response: Response): Promise<string> {
  try {
    const { detail } = await response.json();
    if (typeof detail === "string") return detail;
    if (Array.isArray(detail)) return detail.map((one) => String(one?.msg ?? "")).filter(Boolean).join("; ");
  } catch {
    // No JSON: the status has to do.
  }
  return `The portal answered ${response.status}.`;
}

function lastPart(location: string | null): string {
  return location ? decodeURIComponent(location.replace(/\/events$/, "").split("/").at(-1) ?? "") : "";
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Problem(0, "No sign of life.")), SILENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}

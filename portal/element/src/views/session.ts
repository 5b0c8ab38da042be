// The state of one patient's conversations and the calls that change it; the element around it draws it.
import { Client, Problem } from "../wire/client.ts";
import type { Answer, Conversation, Feedback, Patient, Question, Scope, Told } from "../wire/types.ts";
import { after, begun } from "../logic/steps.ts";
import type { Turn } from "./turn.ts";
import { saidOf } from "./trouble.ts";

/** Who hears of changes. */
export interface Listener {
  changed(): void;
  asked(turn: Turn): void;
  answered(turn: Turn, answer: Answer): void;
  failed(trouble: unknown): void;
}

export class Session {
  turns: Turn[] = [];
  conversations: Conversation[] = [];
  id = "";
  scope: Scope = {};
  private halt: AbortController | null = null;
  private running: Turn | null = null;

  constructor(readonly client: Client, readonly patient: Patient, private heard: Listener) {}

  get busy(): boolean {
    return this.running !== null;
  }

  /** Read the list of conversations about this patient. */
  async list(): Promise<void> {
    this.conversations = await this.client.conversations(this.patient.reference);
    this.heard.changed();
  }

  /** Show a conversation; a question that is being answered goes on. */
  async open(id: string): Promise<void> {
    this.leave();
    const opened = await this.client.conversation(id);
    this.id = opened.id;
    this.scope = opened.scope;
    this.turns = opened.questions.map(turnOf);
    this.heard.changed();
    const last = this.turns.at(-1);
    if (last?.status === "running") void this.run(last, (halt) => this.client.follow(last.id, "", halt));
  }

  /** Begin anew; the scope stays. */
  fresh(): void {
    this.leave();
    this.id = "";
    this.turns = [];
    this.heard.changed();
  }

  /** Let go of the stream; the portal goes on answering. */
  leave(): void {
    this.halt?.abort();
    this.halt = this.running = null;
  }

  async remove(id: string): Promise<void> {
    await this.client.remove(id);
    this.conversations = this.conversations.filter((one) => one.id !== id);
    if (id === this.id) this.fresh();
    this.heard.changed();
  }

  async narrow(scope: Scope): Promise<void> {
    if (this.id) await this.client.narrow(this.id, scope);
    this.scope = scope;
    this.heard.changed();
  }

  async judge(id: string, feedback: Feedback): Promise<void> {
    await this.client.feedback(id, feedback);
    this.change(this.turns.find((turn) => turn.id === id), { feedback });
  }

  /** Ask, or reply to the question that was asked back. */
  async ask(text: string, isReply = false): Promise<void> {
    if (this.busy) return;
    const turn: Turn = {
      key: crypto.randomUUID(), id: "", question: text, isReply, scope: this.scope, status: "running",
      steps: begun(), answer: null, error: "", feedback: null,
    };
    this.turns = [...this.turns, turn];
    this.heard.asked(turn);
    await this.run(turn, (halt) => this.asking(turn, halt));
    void this.list().catch(() => undefined);
  }

  /** Stop the question that is being answered. */
  async cancel(): Promise<void> {
    const { running } = this;
    if (!running) return;
    if (running.id) await this.client.cancel(running.id);
    else this.halt?.abort();
  }

  private async *asking(turn: Turn, halt: AbortSignal): AsyncGenerator<Told> {
    if (!this.id) this.id = (await this.client.begin(this.patient.reference, this.scope)).id;
    const said = turn.isReply ? { reply: turn.question } : { question: turn.question };
    yield* this.client.ask(this.id, said, (id) => this.change(this.current(turn), { id }), halt);
  }

  private async run(turn: Turn, events: (halt: AbortSignal) => AsyncGenerator<Told>): Promise<void> {
    const halt = (this.halt = new AbortController());
    this.running = turn;
    this.heard.changed();
    try {
      for await (const told of events(halt.signal)) {
        if (this.halt !== halt) return;
        this.hear(turn, told);
      }
    } catch (trouble) {
      if (this.halt !== halt) return;
      this.broke(turn, trouble, halt.signal.aborted);
    }
    this.halt = this.running = null;
    this.heard.changed();
  }

  private hear(turn: Turn, told: Told): void {
    const now = this.current(turn);
    if (!now) return;
    if (told.name === "answer") {
      this.change(now, { status: "finished", answer: told.data, id: now.id || told.data.id });
      this.heard.answered(this.current(turn)!, told.data);
    } else if (told.name === "error") {
      this.change(now, { status: "failed", error: told.data.detail });
      this.heard.failed(new Problem(502, told.data.detail));
    } else if (told.name === "cancelled") this.change(now, { status: "cancelled" });
    else this.change(now, { steps: after(now.steps ?? begun(), told) });
  }

  private broke(turn: Turn, trouble: unknown, aborted: boolean): void {
    const now = this.current(turn);
    if (aborted) return this.change(now, { status: "cancelled" });
    this.change(now, { status: "failed", error: saidOf(trouble) });
    this.heard.failed(trouble);
  }

  private current = (turn: Turn): Turn | undefined => this.turns.find((one) => one.key === turn.key);

  private change(turn: Turn | undefined, change: Partial<Turn>): void {
    if (!turn) return;
    this.turns = this.turns.map((one) => (one.key === turn.key ? { ...one, ...change } : one));
    const { running } = this;
    if (running?.key === turn.key) this.running = { ...running, ...change };
    this.heard.changed();
  }
}

function turnOf(question: Question): Turn {
  return {
    key: question.id, id: question.id, question: question.question, isReply: question.is_reply,
    scope: question.scope, status: question.status, steps: null, answer: question.answer,
    error: question.error ?? "", feedback: question.feedback,
  };
}

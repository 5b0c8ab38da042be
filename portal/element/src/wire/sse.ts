// Pieces of an event stream -> events, as the HTML standard reads them (text/event-stream).

export interface Sent {
  id: string;
  event: string;
  data: string;
}

/** Reads a stream piece by piece; a piece may end anywhere, between \r and \n too. */
export class SseReader {
  private rest = "";
  private data: string[] = [];
  private event = "";
  private id = "";
  private begun = false;

  /** Return the events that this piece completes. */
  feed(piece: string): Sent[] {
    let text = this.rest + piece;
    if (!this.begun && text) {
      this.begun = true;
      text = text.replace(/^\uFEFF/, "");
    }
    const held = text.endsWith("\r") ? "\r" : "";
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? "") + held;
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): Sent[] {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return [];
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return [];
  }

  private dispatch(): Sent[] {
    const { data, event } = this;
    this.data = [];
    this.event = "";
    return data.length ? [{ id: this.id, event: event || "message", data: data.join("\n") }] : [];
  }
}

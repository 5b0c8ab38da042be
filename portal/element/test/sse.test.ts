import assert from "node:assert/strict";
import { test } from "node:test";
import { SseReader, type Sent } from "../src/wire/sse.ts";

const told = (...pieces: string[]): Sent[] => {
  const reader = new SseReader();
  return pieces.flatMap((piece) => reader.feed(piece));
};
const STREAM = ': here\n\nid: 1\nevent: plan\ndata: []\n\nid: 2\nevent: text\ndata: {"a":\ndata: 1}\n\ndata: unnamed\n\n';
const EVENTS = [
  { id: "1", event: "plan", data: "[]" },
  { id: "2", event: "text", data: '{"a":\n1}' },
  { id: "2", event: "message", data: "unnamed" },
];

test("a stream is read whole", () => assert.deepEqual(told(STREAM), EVENTS));

test("wherever it is cut, and however lines end", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = STREAM.replaceAll("\n", end) + (end === "\r" ? ":" : "");
    assert.deepEqual(told(...text), EVENTS);
    for (let cut = 0; cut < text.length; cut++) assert.deepEqual(told(text.slice(0, cut), text.slice(cut)), EVENTS);
  }
});

test("what is not finished is not told", () => assert.deepEqual(told("event: answer\ndata: {}\n"), []));

test("a byte order mark, a comment, an unknown field and an event without data are passed over", () =>
  assert.deepEqual(told("\uFEFFdata:x\n\n: quiet\nretry: 5\nevent: empty\n\n"), [{ id: "", event: "message", data: "x" }]));

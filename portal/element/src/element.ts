// <record-assistant>: defines the element and its parts, once.
import { RecordAssistant } from "./views/assistant.ts";
import { Conversations } from "./views/conversations.ts";
import { Picker } from "./views/picker.ts";
import { ResourceView } from "./views/resource.ts";
import { ScopeBar } from "./views/scope.ts";
import { TimelineView } from "./views/timeline.ts";
import { TrendView } from "./views/trend.ts";
import { TurnView } from "./views/turn.ts";

const PARTS: [string, CustomElementConstructor][] = [
  ["ra-conversations", Conversations],
  ["ra-picker", Picker],
  ["ra-resource", ResourceView],
  ["ra-scope", ScopeBar],
  ["ra-timeline", TimelineView],
  ["ra-trend", TrendView],
  ["ra-turn", TurnView],
  ["record-assistant", RecordAssistant],
];

for (const [name, part] of PARTS) if (!customElements.get(name)) customElements.define(name, part);

export { RecordAssistant };

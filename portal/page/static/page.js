// The page around the element: which patient the address names, and a door where an access key is wanted.
// What the address names stands behind "#": it reaches no server and no log.
import "./element.js";

const door = document.querySelector("#door");
const refused = document.querySelector("#refused");
const named = new URLSearchParams(location.hash.slice(1)).get("patient") ?? "";
const assistant = document.createElement("record-assistant");

if (named) assistant.start = named;

assistant.addEventListener("patient-chosen", ({ detail }) => {
  const hash = detail.patient ? `#patient=${detail.patient}` : location.pathname + location.search;
  history.replaceState(null, "", hash);
});

assistant.addEventListener("error", ({ detail }) => {
  if (detail.status !== 401) return;
  refused.textContent = assistant.token ? "This key is not known here." : "";
  assistant.hidden = true;
  door.hidden = false;
  door.querySelector("input").focus();
});

door.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = door.querySelector("input");
  assistant.token = field.value.trim();
  field.value = "";
  door.hidden = true;
  assistant.hidden = false;
});

document.querySelector("main").append(assistant);

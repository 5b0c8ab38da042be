// The page around the element: which patient the address names, and a door where an access key is wanted.
// It stands behind "#", where it reaches no server and no log; a link from elsewhere may say "?patient=", once.
import "./element.js";

const door = document.querySelector("#door");
const signIn = document.querySelector("#sign-in");
const refused = document.querySelector("#refused");
const asked = new URLSearchParams(location.search).get("patient");
const named = asked || new URLSearchParams(location.hash.slice(1)).get("patient");
const assistant = document.createElement("record-assistant");

if (named) assistant.start = named;
if (asked) history.replaceState(null, "", `${location.pathname}#${new URLSearchParams({ patient: asked })}`);

assistant.addEventListener("patient-chosen", ({ detail }) => {
  const hash = detail.patient ? `#patient=${detail.patient}` : location.pathname;
  history.replaceState(null, "", hash);
});

assistant.addEventListener("error", async ({ detail }) => {
  if (detail.status !== 401) return;
  refused.textContent = assistant.token ? "This key is not known here." : "";
  assistant.hidden = true;
  door.hidden = false;
  door.querySelector("input").focus();
  await offer();
});

assistant.addEventListener("signed-out", async () => {
  refused.textContent = "You are signed out.";
  assistant.hidden = true;
  door.hidden = false;
  await offer();
  door.querySelector("a:not([hidden]), input").focus();
});

// Where no record system is registered there is no /launch to sign in by.
async function offer() {
  const found = await fetch("launch", { credentials: "omit" }).catch(() => null);
  signIn.hidden = !found?.ok;
}

door.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = door.querySelector("input");
  assistant.token = field.value.trim();
  field.value = "";
  door.hidden = true;
  assistant.hidden = false;
});

document.querySelector("main").append(assistant);

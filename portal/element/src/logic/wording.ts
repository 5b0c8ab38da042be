// Recorded moments and notes -> how they read beside what is on the page already.

const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** "2025-12-24T06:44:49.1+01:00" -> "2025-12-24 06:44 (+01:00)"; other texts stay as they are. */
export function dated(text: string): string {
  const [, day, time, zone] = MOMENT.exec(text) ?? [];
  return day ? `${day} ${time} (${/^(Z|[+-]00:00)$/.test(zone!) ? "UTC" : zone})` : text;
}

/** A note without the name and the first day that stand beside it. */
export function noteOf(display: string, note: string, start: string): string {
  const rest = note.startsWith(display) ? note.slice(display.length).replace(/^[,;:\s]+/, "") : note;
  const day = start.slice(0, 10);
  const [, kept, said] = /^(.*?)[,\s]*(?:since |on )?(\d{4}-\d{2}-\d{2})$/.exec(rest) ?? [];
  return day && said === day && !kept?.endsWith("to") ? kept! : rest;
}

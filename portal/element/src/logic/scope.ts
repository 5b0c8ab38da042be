// What of the record a question may use -> words, and the form in which it is sent.
import type { Kind, Scope } from "../wire/types.ts";

export const isNarrow = (scope: Scope | null | undefined): scope is Scope =>
  Boolean(scope && (scope.since || scope.until || scope.kinds?.length));

/** Say what is in scope: "whole record", "Observations, 2019-01-01 – 2021-12-31". */
export function worded(scope: Scope | null | undefined, kinds: Kind[]): string {
  if (!isNarrow(scope)) return "whole record";
  const named = (scope.kinds ?? []).map((kind) => kinds.find((one) => one.kind === kind)?.label || kind);
  return [few(named), during(scope)].filter(Boolean).join(", ");
}

function few(named: string[]): string {
  if (named.length <= 3) return named.join(", ");
  return `${named.slice(0, 2).join(", ")} and ${named.length - 2} more kinds`;
}

function during({ since, until }: Scope): string {
  const [from, to] = [since ? day(since, "01-01") : "", until ? day(until, "12-31") : ""];
  if (from && to) return from === to ? from : `${from} – ${to}`;
  return from ? `since ${from}` : to ? `until ${to}` : "";
}

/** A whole year reads as a year. */
function day(date: string, edge: string): string {
  return date.endsWith(`-${edge}`) ? date.slice(0, 4) : date;
}

/** Return the scope without what narrows nothing: all kinds are no kinds, an empty date is none. */
export function tidied(scope: Scope, kinds: Kind[]): Scope {
  const chosen = scope.kinds ?? [];
  const all = !chosen.length || (kinds.length > 0 && kinds.every((kind) => chosen.includes(kind.kind)));
  return {
    ...(all ? {} : { kinds: chosen }),
    ...(scope.since ? { since: scope.since } : {}),
    ...(scope.until ? { until: scope.until } : {}),
  };
}

export const same = (one: Scope | null, other: Scope | null): boolean => flat(one) === flat(other);

const flat = (scope: Scope | null) =>
  JSON.stringify([[...(scope?.kinds ?? [])].sort(), scope?.since || "", scope?.until || ""]);

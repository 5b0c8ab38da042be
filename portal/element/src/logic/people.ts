// A patient -> what is said of them, and of how much their record holds.
import type { Patient, PatientSummary } from "../wire/types.ts";
import { counted } from "./outcome.ts";

const SEXES: Record<string, string> = { female: "Female", male: "Male", other: "Other", unknown: "Sex unknown" };

export const sexOf = (patient: PatientSummary): string => SEXES[patient.gender] ?? (patient.gender || "Sex not recorded");

/** The day of death, or as much of it as is recorded; "" also where it is only recorded that the patient died. */
export const diedOn = ({ died }: PatientSummary): string => (died === "true" ? "" : died.slice(0, 10));

/** "2,592 entries, 1967 – 2025"; where a part could not be read, what was read is the least that there is. */
export function holding({ resources, kinds }: Patient): string {
  const read = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const days = kinds.flatMap((kind) => [kind.first, kind.last]).filter((day) => day !== null).sort();
  const years = days.length ? `, ${days[0]!.slice(0, 4)} – ${days.at(-1)!.slice(0, 4)}` : "";
  if (resources !== null) return `${counted(resources, "entry")}${years}`;
  return read ? `At least ${counted(read, "entry")}${years}` : "How many entries there are is not known";
}

/** Age on a day: years, months under two years, days under two months; "" where dates are missing or only a year is known. */
export function age(born: string, day: string): string {
  const [from, to] = [parts(born), parts(day)];
  if (!from || !to) return "";
  const months = (to[0] - from[0]) * 12 + (to[1] - from[1]) - (to[2] < from[2] ? 1 : 0);
  if (months < 0) return "";
  if (months < 2) {
    const days = Math.round((Date.parse(day.slice(0, 10)) - Date.parse(born.slice(0, 10))) / 86_400_000);
    return `${days} ${days === 1 ? "day" : "days"}`;
  }
  if (months < 24) return `${months} months`;
  return `${Math.floor(months / 12)} years`;
}

function parts(date: string): [number, number, number] | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

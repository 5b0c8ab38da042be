// A curve without a reference range, and the observation that was opened -> the curve with the observation's own range.
import type { Series } from "../wire/types.ts";

interface Measured {
  valueQuantity?: { unit?: string; code?: string };
  referenceRange?: { low?: { value?: number; unit?: string; code?: string }; high?: { value?: number; unit?: string; code?: string } }[];
}

/** Use the range that the observation itself states, where it has one and the curve is of one kind of value. */
export function withOwnRange(series: Series[], json: unknown): Series[] {
  const [one] = series;
  const { valueQuantity: value, referenceRange: ranges } = (json ?? {}) as Measured;
  const range = Array.isArray(ranges) && ranges.length === 1 ? ranges[0] : undefined;
  if (series.length !== 1 || !one || one.low !== null || one.high !== null || !range) return series;
  const limit = (side?: { value?: number; unit?: string; code?: string }): number | null =>
    typeof side?.value === "number" && (side.code ?? side.unit) === (value?.code ?? value?.unit) ? side.value : null;
  return [{ ...one, low: limit(range.low), high: limit(range.high), own: true }];
}

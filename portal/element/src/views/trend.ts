// Measurements over time: a chart with the reference range as a band, points that open their resource, and a table.
import { LitElement, css, html, nothing, unsafeCSS, type PropertyValues } from "lit";
import uPlot from "uplot";
import uplotCss from "uplot/dist/uPlot.min.css?inline";
import type { Point, Series } from "../wire/types.ts";
import { counted } from "../logic/outcome.ts";
import { base } from "./theme.ts";

const HEIGHT = 210;
const DASHES = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

type Dot = { point: Point; series: number; x: number };

export class TrendView extends LitElement {
  static override properties = {
    series: { attribute: false }, current: { attribute: false }, onOpen: { attribute: false }, table: { state: true },
  };
  declare series: Series[];
  declare current: string;
  declare onOpen: (reference: string) => void;
  declare table: boolean;
  private plots: uPlot[] = [];
  private watch = new ResizeObserver(() => this.fit());
  private scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    this.series = [];
    this.table = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch.observe(this);
    this.scheme.addEventListener("change", this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
    this.scheme.removeEventListener("change", this.redraw);
    this.clear();
  }

  override render() {
    const groups = this.groups();
    return html`
      <div class="head"><h4 class="label">Over time</h4>
        <button class="quiet small" aria-pressed=${this.table} @click=${() => (this.table = !this.table)}>As table</button></div>
      ${this.table ? this.tables() : groups.map((group, i) => html`
        <figure>
          <figcaption class="small">${group.map((one, n) => this.key(one, n, group.length))}</figcaption>
          <div class="chart" data-group=${i} role="group" aria-label=${chartLabel(group)}></div>
          ${leftOut(group)}
        </figure>`)}
      ${this.table ? nothing : html`<p class="small muted" id="read" role="status"></p>`}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("series") || changed.has("table") || changed.has("current")) this.redraw();
  }

  /** Series that share a unit share a chart. */
  private groups(): Series[][] {
    const units = [...new Set(this.series.map((one) => one.unit))];
    return units.map((unit) => this.series.filter((one) => one.unit === unit));
  }

  private key(one: Series, n: number, of: number) {
    const range = rangeText(one);
    return html`<span class="key">${of > 1 ? html`<canvas class="dash" data-dash=${n} width="44" height="6" aria-hidden="true"></canvas>` : nothing}
      <span class="words"><strong>${one.name}</strong>${one.unit ? ` in ${one.unit}` : ""}${range ? html`<span class="muted">, reference ${range}${one.own ? " (of this entry)" : ""}</span>` : nothing}</span></span>`;
  }

  private tables() {
    return this.series.map((one) => html`<div class="scroll" tabindex="0" role="region" aria-label="Values of ${one.name}"><table>
      <caption class="small words">${one.name}${one.unit ? ` in ${one.unit}` : ""}</caption>
      <thead><tr><th scope="col">Date</th><th scope="col" class="value">Value</th><th scope="col"><span class="hidden">Open</span></th></tr></thead>
      <tbody>${[...one.points].reverse().map((point) => html`<tr aria-current=${point.reference === this.current ? "true" : nothing}>
        <td>${point.date.slice(0, 16).replace("T", " ")}</td><td class="value">${point.value}${outside(point, one)}</td>
        <td><button class="quiet small" @click=${() => this.onOpen(point.reference)}
          aria-label="Open the entry of ${point.date.slice(0, 10)}">Open</button></td></tr>`)}</tbody>
    </table></div>`);
  }

  private redraw = (): void => {
    this.clear();
    if (this.table) return;
    this.groups().forEach((group, i) => {
      const at = this.renderRoot.querySelector<HTMLElement>(`[data-group="${i}"]`);
      if (at) this.plots.push(this.draw(group, at));
    });
    this.renderRoot.querySelectorAll<HTMLCanvasElement>("canvas.dash").forEach((canvas) => {
      const context = canvas.getContext("2d")!;
      context.clearRect(0, 0, 44, 6);
      context.strokeStyle = this.colour("--_accent");
      context.lineWidth = 3;
      context.setLineDash((DASHES[Number(canvas.dataset["dash"]) % DASHES.length] ?? []).map((length) => length * 1.5));
      context.beginPath();
      context.moveTo(0, 3);
      context.lineTo(44, 3);
      context.stroke();
    });
  };

  private clear(): void {
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
  }

  private fit(): void {
    const width = this.clientWidth;
    for (const plot of this.plots) if (width && Math.abs(plot.width - width) > 1) plot.setSize({ width, height: HEIGHT });
  }

  private draw(group: Series[], at: HTMLElement): uPlot {
    const dots = group.flatMap((one, series) => one.points.map((point) => ({ point, series, x: seconds(point.date) })))
      .filter((dot) => Number.isFinite(dot.x)).sort((a, b) => a.x - b.x);
    const xs = [...new Set(dots.map((dot) => dot.x))];
    const rows = group.map((_, n) => {
      const values = new Map(dots.filter((dot) => dot.series === n).map((dot) => [dot.x, dot.point.value]));
      return xs.map((x) => values.get(x) ?? null);
    });
    const [line, ink, grid] = [this.colour("--_accent"), this.colour("--_muted"), this.colour("--_line")];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: `12px ${getComputedStyle(this).fontFamily}` };
    return new uPlot(
      {
        width: Math.max(this.clientWidth, 200), height: HEIGHT, legend: { show: false }, cursor: { show: false, drag: { x: false, y: false } },
        padding: [10, 12, 0, 0], tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
        scales: { x: { time: true, range: spread }, y: { range: (_, low, high) => withRange(group, low, high) } },
        axes: [{ ...axis, space: 46 }, { ...axis, size: 46 }],
        series: [{}, ...group.map((one, n) => ({
          label: one.name, stroke: line, width: 2, dash: DASHES[n % DASHES.length] ?? [], spanGaps: true,
          points: { show: true, size: 6, fill: line, stroke: line },
        }))],
        hooks: {
          drawClear: [(plot) => band(plot, group, this.colour("--_accent"))],
          draw: [(plot) => this.buttons(plot, dots, group)],
        },
      },
      [xs, ...rows] as uPlot.AlignedData,
      at,
    );
  }

  /** A button over each point: one stop of the Tab key, then the arrow keys. */
  private buttons(plot: uPlot, dots: Dot[], group: Series[]): void {
    const held = plot.over.querySelector<HTMLElement>("button:focus")?.dataset["n"];
    plot.over.querySelectorAll("button").forEach((button) => button.remove());
    const active = Math.max(0, dots.findIndex((dot) => dot.point.reference === this.current));
    const made = dots.map((dot, n) => {
      const button = document.createElement("button");
      button.className = "point";
      button.type = "button";
      button.dataset["n"] = String(n);
      button.tabIndex = n === active ? 0 : -1;
      const said = pointText(dot.point, group[dot.series]!, group.length > 1);
      button.setAttribute("aria-label", `${said}, open`);
      if (dot.point.reference === this.current) button.setAttribute("aria-current", "true");
      button.style.left = `${plot.valToPos(dot.x, "x")}px`;
      button.style.top = `${plot.valToPos(dot.point.value, "y")}px`;
      button.addEventListener("click", () => this.onOpen(dot.point.reference));
      button.addEventListener("pointerenter", () => this.read(said));
      button.addEventListener("focus", () => this.read(said));
      return button;
    });
    plot.over.append(...made);
    plot.over.onkeydown = (event) => walk(event, made);
    if (held) made[Number(held)]?.focus();
  }

  private read(said: string): void {
    const line = this.renderRoot.querySelector("#read");
    if (line) line.textContent = said;
  }

  private colour(name: string): string {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    this.renderRoot.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  static override styles = [unsafeCSS(uplotCss), base, css`
    :host { display: block; min-inline-size: 0; }
    .head { display: flex; justify-content: space-between; align-items: center; }
    figcaption { display: grid; gap: 0.1rem; margin-block-end: 0.3rem; }
    .key { display: flex; align-items: center; gap: 0.5em; }
    .dash { inline-size: 22px; block-size: 3px; flex: none; }
    .chart { inline-size: 100%; overflow: hidden; min-block-size: 210px; }
    .u-over { overflow: visible; }
    button.point { position: absolute; translate: -50% -50%; inline-size: 22px; block-size: 22px; min-block-size: 0; padding: 0;
      border-radius: 50%; border: 0; background: none; z-index: 1; }
    button.point:hover, button.point:focus-visible { box-shadow: inset 0 0 0 5px var(--_raised), inset 0 0 0 8px var(--_accent); outline-offset: 0; z-index: 2; }
    button.point[aria-current="true"] { box-shadow: inset 0 0 0 5px var(--_raised), inset 0 0 0 12px var(--_unread); z-index: 2; }
    #read { min-block-size: 1.5em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .scroll { max-block-size: 20rem; overflow: auto; border: 1px solid var(--_line); border-radius: calc(var(--_radius) - 2px); margin-block-end: 0.5rem; }
    table { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.92em; }
    caption { text-align: start; padding: 0.4em 0.7em; font-weight: 600; }
    th { text-align: start; font-weight: 600; color: var(--_muted); font-size: 0.88em; }
    th, td { padding: 0.15em 0.7em; border-block-start: 1px solid var(--_line); }
    .value { text-align: end; }
    tr[aria-current] td { background: var(--_mark); }
    tr[aria-current] button { color: var(--_ink); }
  `];
}

/** A day, a month or a moment as seconds; a zone is not applied: the day written is the day meant. */
function seconds(date: string): number {
  const [day, time] = [date.slice(0, 10), /T(\d{2}:\d{2}(:\d{2})?)/.exec(date)?.[1] ?? ""];
  const whole = day.length === 4 ? `${day}-01-01` : day.length === 7 ? `${day}-01` : day;
  return Date.parse(`${whole}T${time || "00:00"}Z`) / 1000;
}

const spread = (_: uPlot, low: number, high: number): [number, number] => {
  const margin = Math.max((high - low) * 0.04, 86_400);
  return [low - margin, high + margin];
};

/** The scale shows the values, and the limits of the reference range where they are near. */
function withRange(group: Series[], low: number, high: number): [number, number] {
  const size = high - low || Math.abs(high) || 1;
  const limits = group.flatMap((one) => [one.low, one.high]).filter((limit) => limit !== null)
    .filter((limit) => limit > low - size * 1.5 && limit < high + size * 1.5);
  const [bottom, top] = [Math.min(low, ...limits), Math.max(high, ...limits)];
  const margin = (top - bottom || size) * 0.1;
  return [low >= 0 ? Math.max(0, bottom - margin) : bottom - margin, top + margin];
}

function band(plot: uPlot, group: Series[], fill: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = fill;
  ctx.globalAlpha = 0.13;
  for (const one of group) {
    if (one.low === null && one.high === null) continue;
    const place = (limit: number | null, edge: number) =>
      limit === null ? edge : Math.min(Math.max(plot.valToPos(limit, "y", true), bbox.top), bbox.top + bbox.height);
    const [top, bottom] = [place(one.high, bbox.top), place(one.low, bbox.top + bbox.height)];
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  }
  ctx.restore();
}

function walk(event: KeyboardEvent, buttons: HTMLElement[]): void {
  const at = buttons.indexOf(event.target as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || !buttons[to]) return;
  event.preventDefault();
  buttons.forEach((button, n) => (button.tabIndex = n === to ? 0 : -1));
  buttons[to].focus();
}

function leftOut(group: Series[]) {
  const count = group.reduce((sum, one) => sum + one.left_out, 0);
  return count ? html`<p class="small muted">${counted(count, "measurement")} cannot be drawn: no plain number, another unit, or no day.</p>` : nothing;
}

function rangeText({ low, high }: Series): string {
  if (low !== null && high !== null) return `${low}–${high}`;
  return low !== null ? `from ${low}` : high !== null ? `up to ${high}` : "";
}

function outside({ value }: Point, { low, high, own }: Series): string {
  if (own) return "";
  return high !== null && value > high ? " (high)" : low !== null && value < low ? " (low)" : "";
}

const pointText = (point: Point, one: Series, named: boolean): string =>
  `${named ? `${one.name} ` : ""}${point.value}${one.unit ? ` ${one.unit}` : ""}${outside(point, one)}, ${point.date.slice(0, 10)}`;

function chartLabel(group: Series[]): string {
  const said = group.map((one) => {
    const [first, last] = [one.points[0]!, one.points.at(-1)!];
    return `${one.name}, ${one.points.length} values from ${first.date.slice(0, 10)} to ${last.date.slice(0, 10)}`;
  });
  return `Chart of ${said.join("; ")}. Arrow keys move between points.`;
}

// Draws the charts, in the colours of the page's theme. The library is Chart.js.

import { bytes, byId, clockMinutes, count, milliseconds, percent } from "./dom.js";

const charts = new Map();

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Draws a chart anew, or gives an old one its new data. */
function draw(id, type, data, options) {
  const old = charts.get(id);
  if (old) {
    old.data.labels = data.labels;
    // Datasets keep their identity, so that what somebody hid in the legend stays hidden.
    for (const [i, next] of data.datasets.entries()) {
      if (old.data.datasets[i]?.label === next.label) {
        Object.assign(old.data.datasets[i], next);
      } else {
        old.data.datasets[i] = next;
      }
    }
    old.data.datasets.length = data.datasets.length;
    old.update("none");
    return;
  }
  charts.set(id, new window.Chart(byId(id), { type, data, options: common(options) }));
}

const legendText = () => ({ color: colour("muted"), boxWidth: 10, boxHeight: 10, padding: 14, font: { size: 11.5 } });

function common(options) {
  const text = colour("muted");
  const axis = (own) => ({
    ...own,
    border: { color: colour("line"), ...own?.border },
    grid: { color: colour("line"), drawTicks: false, ...own?.grid },
    ticks: { color: text, padding: 6, font: { size: 11 }, ...own?.ticks },
  });
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    ...options,
    plugins: {
      legend: {
        position: "bottom",
        align: "start",
        labels: legendText(),
        ...options.plugins?.legend,
      },
      tooltip: {
        backgroundColor: colour("tip"),
        titleColor: colour("tip-text"),
        bodyColor: colour("tip-text"),
        footerColor: colour("tip-text"),
        padding: 10,
        boxPadding: 4,
        ...options.plugins?.tooltip,
      },
    },
    scales: { x: axis(options.scales?.x), y: axis(options.scales?.y) },
  };
}

const timeAxis = { grid: { display: false }, ticks: { maxRotation: 0, autoSkip: true, autoSkipPadding: 24 } };

const hitsOf = (slice) => Object.values(slice.exactHits).reduce((a, b) => a + b, 0) + slice.semanticHits + slice.curatedHits;
export const lookupsOf = (slice) => hitsOf(slice) + slice.misses + slice.unsatisfied;

/** The share of hits by tier in each slice of time. */
export function rate(slices) {
  const tiers = [...new Set(slices.flatMap((slice) => Object.keys(slice.exactHits)))].sort();
  const share = (slice, hits) => (lookupsOf(slice) === 0 ? null : (100 * hits) / lookupsOf(slice));
  const bars = (label, hits, name) => ({
    label,
    data: slices.map((slice) => share(slice, hits(slice))),
    counts: slices.map(hits),
    backgroundColor: colour(name),
    stack: "hits",
    barPercentage: 0.96,
    categoryPercentage: 0.96,
  });
  const names = ["exact", "exact-2", "exact-3"];
  draw(
    "rate-chart",
    "bar",
    {
      labels: slices.map((slice) => clockMinutes(slice.from)),
      datasets: [
        ...tiers.map((tier, i) =>
          bars(`exact, ${tier}`, (slice) => slice.exactHits[tier] ?? 0, names[Math.min(i, 2)])),
        bars("by meaning", (slice) => slice.semanticHits, "meaning"),
        ...(slices.some((slice) => slice.curatedHits > 0) ? [bars("curated", (slice) => slice.curatedHits, "curated")] : []),
      ],
    },
    {
      scales: {
        x: { ...timeAxis, stacked: true },
        y: { stacked: true, min: 0, max: 100, ticks: { stepSize: 25, callback: (value) => `${value} %` } },
      },
      plugins: {
        tooltip: {
          callbacks: {
            label: (item) =>
              ` ${item.dataset.label}: ${percent(item.raw / 100)} (${count(item.dataset.counts[item.dataIndex])})`,
          },
        },
      },
    },
  );
}

/** The labels of a legend whose lines are dashed as those of the chart are. */
function dashed(chart) {
  return window.Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label) => ({
    ...label,
    lineDash: chart.data.datasets[label.datasetIndex].borderDash,
    lineWidth: 2,
  }));
}

/** How many requests went past the cache in each slice of time, by reason. */
export function past(slices) {
  const reasons = [...new Set(slices.flatMap((slice) => Object.keys(slice.bypassedByReason)))].sort();
  const names = ["miss", "exact-2", "failed", "exact", "meaning", "exact-3"];
  const bars = (label, of, name) => ({
    label,
    data: slices.map(of),
    backgroundColor: colour(name),
    stack: "past",
    barPercentage: 0.96,
    categoryPercentage: 0.96,
  });
  draw(
    "past-chart",
    "bar",
    {
      labels: slices.map((slice) => clockMinutes(slice.from)),
      datasets: [
        ...reasons.map((reason, i) =>
          bars(`bypassed: ${reason}`, (slice) => slice.bypassedByReason[reason] ?? 0, names[i % names.length])),
        bars("passed through", (slice) => slice.passed, "muted"),
      ],
    },
    {
      scales: {
        x: { ...timeAxis, stacked: true },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 5 } },
      },
      plugins: { tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${count(item.raw)}` } } },
    },
  );
}

/** Labels powers of ten, and where the axis has fewer than two of them, 2 and 5 of each, too. */
function logarithmicLabel(value, index, ticks) {
  const isDigit = (number, digit) => Math.abs(Math.log10(number / digit) % 1) < 1e-6;
  const powers = ticks.filter((tick) => isDigit(tick.value, 1)).length;
  const digits = powers < 2 ? [1, 2, 5] : [1];
  return digits.some((digit) => isDigit(value, digit)) ? milliseconds(value) : null;
}

/** How long hits and misses took in each slice of time. */
export function latency(slices) {
  const line = (label, of, quantile, name, dash) => ({
    label,
    data: slices.map((slice) => slice[of][quantile] ?? null),
    borderColor: colour(name),
    backgroundColor: colour(name),
    borderWidth: 2,
    borderDash: dash,
    pointRadius: 1.5,
    pointHitRadius: 8,
    // A minute without requests is a gap, not a line to the next one.
    spanGaps: false,
    tension: 0,
  });
  draw(
    "latency-chart",
    "line",
    {
      labels: slices.map((slice) => clockMinutes(slice.from)),
      datasets: [
        line("hits, median", "hitLatency", "p50Ms", "meaning", []),
        line("hits, 95 %", "hitLatency", "p95Ms", "meaning", [3, 3]),
        line("misses, median", "missLatency", "p50Ms", "miss", []),
        line("misses, 95 %", "missLatency", "p95Ms", "miss", [3, 3]),
      ],
    },
    {
      scales: {
        x: timeAxis,
        y: {
          type: "logarithmic",
          ticks: { callback: logarithmicLabel },
        },
      },
      plugins: {
        legend: { labels: { ...legendText(), usePointStyle: true, pointStyle: "line", pointStyleWidth: 30, generateLabels: dashed } },
        tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${milliseconds(item.raw)}` } },
      },
    },
  );
}

/** How many entries are in each class. */
export function classes(id, bins) {
  draw(
    id,
    "bar",
    {
      labels: bins.map((bin) => bin.label),
      datasets: [
        {
          label: "entries",
          data: bins.map((bin) => bin.entries),
          sizes: bins.map((bin) => bin.bytes),
          backgroundColor: colour("exact"),
          borderRadius: 2,
          barPercentage: 0.9,
          categoryPercentage: 0.9,
        },
      ],
    },
    {
      scales: {
        x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 3, font: { size: 10 } } },
        y: { beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 4 } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            label: (item) => ` ${count(item.raw)} entries, ${bytes(item.dataset.sizes[item.dataIndex])}`,
          },
        },
      },
    },
  );
}

/** Forgets every chart, so that the next data is drawn in the theme of then. */
export function clear() {
  for (const chart of charts.values()) chart.destroy();
  charts.clear();
}

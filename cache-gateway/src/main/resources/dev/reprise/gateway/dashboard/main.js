// Signs in, and keeps what is shown fresh while the page can be seen.

import { Refusal, forgetToken, get, keepToken, token } from "./api.js";
import * as charts from "./charts.js";
import { byId, count, dollars, el, milliseconds, percent, say, seconds, toast } from "./dom.js";
import * as curated from "./curated.js";
import * as entries from "./entries.js";
import * as feed from "./feed.js";

const FEED_MS = 1500;
const FIGURES_MS = 5000;
const ENTRIES_MS = 60000;

let minutes = 60;
let isPaused = false;
let timers = [];

// --- theme ---------------------------------------------------------------------------------------

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

function themeChanged() {
  byId("theme").textContent = isDark() ? "Light" : "Dark";
  byId("theme").setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
  if (!byId("dashboard").hidden) {
    charts.clear();
    refreshFigures().catch(complain);
    entries.refresh().catch(complain);
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("reprise-theme", theme);
  themeChanged();
}

const kept = localStorage.getItem("reprise-theme");
if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
prefersDark.addEventListener("change", themeChanged);
byId("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));

// --- figures -------------------------------------------------------------------------------------

function tile(id, name, value, note, title) {
  return el(
    "div",
    { class: "tile", id: `tile-${id}`, title },
    el("p", { class: "name" }, name),
    el("p", { class: "value" }, value),
    el("p", { class: "note" }, note),
  );
}

const RANGES = { 15: "in the last 15 minutes", 60: "in the last hour", 360: "in the last 6 hours", 1440: "in the last 24 hours" };

function tiles(stats, whole) {
  const exact = Object.values(whole.exactHits).reduce((a, b) => a + b, 0);
  const hits = exact + whole.semanticHits + whole.curatedHits;
  const lookups = charts.lookupsOf(whole);
  const share = (number) => (lookups === 0 ? "–" : percent(number / lookups));
  const hitMs = whole.hitLatency.p50Ms;
  const missMs = whole.missLatency.p50Ms;
  byId("tiles").replaceChildren(
    tile(
      "rate",
      "Hit rate",
      share(hits),
      lookups === 0 ? `no lookups ${RANGES[minutes]}` : `${share(exact)} exact, ${share(whole.semanticHits)} by meaning${whole.curatedHits > 0 ? `, ${share(whole.curatedHits)} curated` : ""}, of ${count(lookups)} lookups`,
    ),
    tile(
      "money",
      "Money saved",
      dollars(whole.dollarsSaved),
      stats.dollarsSaved === 0 && stats.exactHits + stats.semanticHits > 0
        ? "no price is known for these models: see --price"
        : `${dollars(stats.dollarsSaved)} since the start`,
    ),
    tile("time", "Time saved", seconds(whole.secondsSaved), `${seconds(stats.secondsSaved)} since the start`),
    tile(
      "latency",
      "Median hit",
      hitMs === undefined ? "–" : milliseconds(hitMs),
      missMs === undefined ? `no misses ${RANGES[minutes]}` : `a miss takes ${milliseconds(missMs)}`,
    ),
    pastTile(whole),
    wrongTile(stats.risk),
    ...shadowTiles(stats.shadow),
  );
}

/** What live mode would have done since the start. There are such tiles in shadow mode only. */
function shadowTiles(shadow) {
  if (!shadow) return [];
  const share = (number) => percent(number / shadow.lookups);
  const saved = shadow.dollarsSaved === 0 ? seconds(shadow.secondsSaved) : dollars(shadow.dollarsSaved);
  const tokens = shadow.inputTokensSaved + shadow.outputTokensSaved;
  return [
    tile(
      "shadow-rate",
      "Shadow: would-be hits",
      percent(shadow.hitRate),
      `${share(shadow.exactHits)} exact, ${share(shadow.semanticHits)} by meaning, of ${count(shadow.lookups)} lookups since the start`,
      "Nothing is served in shadow mode. Every request goes to the upstream.",
    ),
    tile(
      "shadow-saved",
      "Shadow: would save",
      saved,
      `${seconds(shadow.secondsSaved)}, ${count(tokens)} tokens since the start`,
    ),
    shadowWrongTile(shadow),
  ];
}

function shadowWrongTile(shadow) {
  const title = `For the judge's own error: of ${count(shadow.exactCompared)} exact hits ${count(shadow.exactWrong)} differed from the fresh answer.`;
  const rate = shadow.wrongPerHit;
  if (!rate || shadow.compared < ENOUGH_JUDGED) {
    return tile(
      "shadow-wrong",
      "Shadow: would be wrong",
      "too few compared",
      `${count(shadow.compared)} compared, ${count(shadow.wrong)} wrong; a rate is shown from ${ENOUGH_JUDGED} on`,
      title,
    );
  }
  return tile(
    "shadow-wrong",
    "Shadow: would be wrong",
    percent(rate.value),
    `of hits by meaning, 95 %: ${percent(rate.low)} to ${percent(rate.high)}; ${count(shadow.compared)} compared`,
    title,
  );
}

function pastTile(whole) {
  const all = charts.lookupsOf(whole) + whole.bypassed + whole.passed;
  const reasons = Object.entries(whole.bypassedByReason).sort(([, a], [, b]) => b - a);
  const words = reasons.map(([reason, number]) => `${count(number)} ${reason}`);
  if (whole.passed > 0) words.push(`${count(whole.passed)} passed through`);
  return tile(
    "past",
    "Past the cache",
    all === 0 ? "–" : percent((whole.bypassed + whole.passed) / all),
    words.length === 0 ? `none ${RANGES[minutes]}` : `${words.slice(0, 2).join(", ")}${words.length > 2 ? ", …" : ""}, of ${count(all)} requests`,
    words.join(", "),
  );
}

/** With fewer judged answers than this, a rate says nothing. */
const ENOUGH_JUDGED = 30;

function wrongTile(risk) {
  if (!risk) return tile("wrong", "Wrong answers", "–", "this matcher does not know how often it is wrong");
  if (risk.judged > 0 && risk.judged < ENOUGH_JUDGED) {
    return tile(
      "wrong",
      "Wrong answers",
      "too few judged",
      `${count(risk.judged)} judged, ${count(risk.servedWrong)} wrong; a rate is shown from ${ENOUGH_JUDGED} on`,
      `Bound: ${risk.bound}.`,
    );
  }
  const { low, value, high } = risk.wrongPerLookup;
  return tile(
    "wrong",
    "Wrong answers",
    percent(value),
    risk.judged === 0
      ? `of lookups, by calibration: ${percent(low)} to ${percent(high)}; none judged yet`
      : `of lookups, 95 %: ${percent(low)} to ${percent(high)}; ${count(risk.judged)} judged`,
    `Bound: ${risk.bound}. It accepts from a confidence of ${risk.leastConfidence.toFixed(3)} on (${risk.origin}).`,
  );
}

async function refreshFigures() {
  const [stats, timeline, breakdown] = await Promise.all([
    get("stats"),
    get("timeline", { minutes }),
    get("breakdown"),
  ]);
  tiles(stats, timeline.whole);
  showInstances(stats);
  broken = breakdown;
  showBreakdown();
  const isEmpty = charts.lookupsOf(timeline.whole) === 0;
  const hint = `No lookups ${RANGES[minutes]}.`;
  say("rate-empty", isEmpty ? hint : "");
  say("latency-empty", isEmpty ? hint : "");
  const isNothingPast = timeline.whole.bypassed + timeline.whole.passed === 0;
  say("past-empty", isNothingPast ? `None ${RANGES[minutes]}.` : "");
  // Axes and a legend of nothing say nothing.
  for (const [id, isHidden] of [["rate", isEmpty], ["latency", isEmpty], ["past", isNothingPast]]) {
    byId(`${id}-chart`).parentElement.hidden = isHidden;
  }
  if (!isEmpty) {
    charts.rate(timeline.slices);
    charts.latency(timeline.slices);
  }
  if (!isNothingPast) charts.past(timeline.slices);
  const step = timeline.stepSeconds / 60;
  say("rate-note", `share of lookups, by ${step === 1 ? "minute" : `${step} minutes`}`);
  say("latency-note", "logarithmic");
  say("past-note", "bypassed by reason, and passed through");
}

/** Every instance of the fleet, and their sum; nothing where there is one only. */
function showInstances(stats) {
  const all = Object.entries(stats.instances);
  byId("fleet").hidden = all.length < 2;
  if (all.length < 2) return;
  const row = (name, counted, attributes) => {
    const hits = counted.exactHits + counted.semanticHits + (counted.curatedHits ?? 0);
    const lookups = hits + counted.computed + counted.unsatisfied;
    return el(
      "tr",
      attributes,
      el("th", { scope: "row", title: name }, name),
      el("td", {}, count(counted.requests)),
      el("td", {}, lookups === 0 ? "–" : `${count(hits)} (${percent(hits / lookups)})`),
      el("td", {}, count(counted.computed)),
      el("td", {}, count(counted.bypassed)),
      el("td", {}, `${seconds(counted.secondsSaved)}${counted.dollarsSaved ? `, ${dollars(counted.dollarsSaved)}` : ""}`),
    );
  };
  byId("instances").replaceChildren(
    row(`all ${all.length}`, stats.fleet, { class: "sum" }),
    ...all.map(([name, counted]) => row(name === stats.instance ? `${name} (this one)` : name, counted, {})),
  );
  say("fleet-note", stats.fleet.isWhole ? "since the start of each; all other figures are this instance's" : "Redis did not answer: instances may be missing");
}

let broken = { byModel: [], byKey: [], byUseCase: [] };

function showBreakdown() {
  const rows = broken[byId("breakdown-by").value];
  byId("breakdown").replaceChildren(
    ...rows.map((row) => {
      const hits = row.exactHits + row.semanticHits + row.curatedHits;
      const lookups = hits + row.misses;
      return el(
        "tr",
        {},
        el("th", { scope: "row", title: row.name }, row.name),
        el("td", {}, count(row.requests)),
        el("td", {}, lookups === 0 ? "–" : hitsOf(row, hits, lookups)),
        el("td", {}, count(row.misses)),
        el("td", {}, count(row.bypassed)),
        el("td", {}, `${seconds(row.secondsSaved)}${row.dollarsSaved ? `, ${dollars(row.dollarsSaved)}` : ""}`),
      );
    }),
  );
  say("breakdown-empty", rows.length === 0 ? "Nothing was asked yet." : "");
}

function hitsOf(row, hits, lookups) {
  return row.wouldHits === 0 || hits > 0
    ? `${count(hits)} (${percent(hits / lookups)})`
    : `would be ${count(row.wouldHits)} (${percent(row.wouldHits / lookups)})`;
}

// --- keeping fresh -------------------------------------------------------------------------------

function state(text, tone) {
  const node = byId("state");
  node.textContent = text;
  node.className = `state ${tone}`;
}

function complain(refusal) {
  if (refusal instanceof Refusal && (refusal.status === 401 || refusal.status === 403)) {
    signOut(plain(refusal));
  } else {
    state(refusal.message, "bad");
  }
}

/** Does `task` again and again, the next time once the last one is over, while the page is seen. */
function every(ms, task) {
  const timer = { id: 0 };
  const again = async () => {
    if (!document.hidden) {
      try {
        await task();
        state(isPaused ? "paused" : "live", isPaused ? "" : "good");
      } catch (refusal) {
        complain(refusal);
      }
    }
    if (timers.includes(timer)) timer.id = setTimeout(again, ms);
  };
  timers.push(timer);
  timer.id = setTimeout(again, ms);
}

function stop() {
  for (const timer of timers) clearTimeout(timer.id);
  timers = [];
}

async function refreshFeed() {
  if (isPaused) return;
  await feed.refresh();
}

async function show() {
  byId("sign-in").hidden = true;
  byId("dashboard").hidden = false;
  byId("ranges").hidden = false;
  byId("sign-out").hidden = false;
  stop();
  state("live", "good");
  try {
    await Promise.all([refreshFigures(), feed.refresh(), feed.refreshNear(), entries.refresh(), curated.refresh()]);
  } catch (refusal) {
    complain(refusal);
    if (token() === "") return;
  }
  every(FEED_MS, refreshFeed);
  every(FIGURES_MS, async () => {
    await refreshFigures();
    await feed.refreshNear();
  });
  every(ENTRIES_MS, entries.refresh);
  every(ENTRIES_MS, curated.refresh);
}

// --- signing in and out --------------------------------------------------------------------------

function signOut(why = "") {
  stop();
  forgetToken();
  feed.clear();
  charts.clear();
  byId("tiles").replaceChildren();
  byId("entries").replaceChildren();
  byId("curated").replaceChildren();
  byId("proposals").replaceChildren();
  byId("dashboard").hidden = true;
  byId("ranges").hidden = true;
  byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-in-error").textContent = why;
  state("not signed in", "");
  byId("token").focus();
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  keepToken(byId("token").value.trim());
  byId("sign-in-error").textContent = "";
  try {
    await get("stats");
    byId("token").value = "";
    await show();
  } catch (refusal) {
    signOut(plain(refusal));
  }
});

/** Says in plain words why somebody is not let in. */
function plain(refusal) {
  if (refusal.status === 401) return "That is not the admin token of this gateway. It is the value of REPRISE_ADMIN_TOKEN where the gateway was started.";
  if (refusal.status === 403) return "This gateway was started without an admin token, so nobody can sign in. Set REPRISE_ADMIN_TOKEN to 16 characters or more, and start it again.";
  if (refusal.status === 429) return "Too many wrong tokens came from here. Wait a second and try again.";
  return refusal.message;
}

byId("sign-out").addEventListener("click", () => signOut());

// --- what can be pressed -------------------------------------------------------------------------

const ranges = [...byId("ranges").querySelectorAll("button")];

function choose(button) {
  for (const other of ranges) {
    other.setAttribute("aria-checked", String(other === button));
    other.tabIndex = other === button ? 0 : -1;
  }
  minutes = Number(button.dataset.minutes);
  charts.clear();
  refreshFigures().catch(complain);
  entries.refresh().catch(complain);
}

for (const [i, button] of ranges.entries()) {
  button.tabIndex = button.getAttribute("aria-checked") === "true" ? 0 : -1;
  button.addEventListener("click", () => choose(button));
  button.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = ranges[(i + step + ranges.length) % ranges.length];
      next.focus();
      choose(next);
    }
  });
}

byId("breakdown-by").addEventListener("change", showBreakdown);
byId("feed-kind").addEventListener("change", () => feed.filter());

byId("feed-pause").addEventListener("click", () => {
  isPaused = !isPaused;
  byId("feed-pause").setAttribute("aria-pressed", String(isPaused));
  byId("feed-pause").textContent = isPaused ? "Go on" : "Pause";
  state(isPaused ? "paused" : "live", isPaused ? "" : "good");
  refreshFeed().catch(complain);
});

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  entries.search().catch(complain);
});
byId("search-sort").addEventListener("change", () => entries.search().catch(complain));
byId("search-text").addEventListener("search", () => entries.search().catch(complain));
byId("page-before").addEventListener("click", () => entries.turn(-1).catch(complain));
byId("page-next").addEventListener("click", () => entries.turn(1).catch(complain));

byId("curated-search").addEventListener("submit", (event) => {
  event.preventDefault();
  curated.search().catch(complain);
});
byId("curated-text").addEventListener("search", () => curated.search().catch(complain));
byId("curated-before").addEventListener("click", () => curated.turn(-1).catch(complain));
byId("curated-next").addEventListener("click", () => curated.turn(1).catch(complain));
byId("curated-rollback").addEventListener("submit", (event) => {
  event.preventDefault();
  curated.rollBack().catch(complain);
});

byId("remove").addEventListener("submit", async (event) => {
  event.preventDefault();
  await entries.remove(byId("remove-what").value, byId("remove-name").value.trim());
  byId("remove-name").value = "";
});

const refreshAll = () => {
  refreshFigures().catch(complain);
  entries.refresh().catch(complain);
};
feed.onChange(refreshAll);
entries.onChange(() => refreshFigures().catch(complain));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && token() !== "" && !byId("dashboard").hidden) refreshFeed().catch(complain);
});
window.addEventListener("unhandledrejection", (event) => toast(String(event.reason?.message ?? event.reason), "bad"));

themeChanged();
if (token() === "") {
  byId("token").focus();
} else {
  show().catch(complain);
}

// The live feed of decisions, the near misses, and the explanation of each.

import { get, post } from "./api.js";
import { openEntry } from "./entry.js";
import { byId, clock, count, dollars, el, milliseconds, say, seconds, toast } from "./dom.js";

const SHOWN = 100;

const KINDS = {
  "hit-exact": ["exact", "exact hit"],
  "hit-semantic": ["meaning", "hit by meaning"],
  "hit-curated": ["curated", "curated hit"],
  miss: ["miss", "miss"],
  "would-hit-exact": ["exact would", "would be exact"],
  "would-hit-semantic": ["meaning would", "would be by meaning"],
  "would-hit-curated": ["curated would", "would be curated"],
  bypass: ["bypass", "bypassed"],
  unsatisfied: ["bypass", "not cached"],
  failed: ["failed", "failed"],
  cancelled: ["bypass", "cancelled"],
};

const known = new Map();
let newest = 0;
let changed = () => {};

/** Has `listener` called when an entry was removed. */
export function onChange(listener) {
  changed = listener;
}

/** Forgets what is shown. */
export function clear() {
  known.clear();
  newest = 0;
  byId("feed").replaceChildren();
  byId("near").replaceChildren();
}

/** Fetches what was decided since the last time. */
export async function refresh() {
  const answer = await get("decisions", { after: newest, limit: SHOWN });
  if (answer.newest < newest) {
    // The gateway was started anew, and counts from one again.
    clear();
    return refresh();
  }
  newest = answer.newest;
  const feed = byId("feed");
  for (const decision of answer.decisions.reverse()) {
    if (known.has(decision.number)) continue;
    const item = row(decision);
    known.set(decision.number, item);
    feed.prepend(item);
  }
  while (known.size > SHOWN) {
    const [oldest, item] = known.entries().next().value;
    known.delete(oldest);
    item.remove();
  }
  filter();
  return answer;
}

/** Shows only the kinds that are asked for. */
export function filter() {
  const wanted = byId("feed-kind").value;
  let shown = 0;
  for (const item of known.values()) {
    item.hidden = wanted !== "" && !item.dataset.kind.startsWith(wanted);
    if (!item.hidden) shown++;
  }
  const nothing =
    known.size === 0
      ? "Nothing was asked yet. Point a client's base URL at this gateway, with /v1 behind it, and what the cache decides appears here."
      : `None of the latest ${known.size} decisions is of this kind.`;
  say("feed-empty", shown === 0 ? nothing : "");
}

/** Fetches the near misses. */
export async function refreshNear() {
  const answer = await get("near-misses", { limit: 12 });
  const list = byId("near");
  // One that is open stays as it is, so that nobody loses what he reads.
  if (list.querySelector("[aria-expanded=true]")) return;
  list.replaceChildren(...answer.nearMisses.map(nearRow));
  say(
    "near-empty",
    answer.nearMisses.length > 0
      ? ""
      : "None of late. A miss for which a cached question came near, and was not sure enough, appears here.",
  );
}

function row(decision) {
  const [tone, words] = KINDS[decision.kind] ?? ["bypass", decision.kind];
  const saved = decision.kind.startsWith("hit") && decision.savedMs > 0
    ? `−${seconds(decision.savedMs / 1000)}${decision.savedDollars ? `, ${dollars(decision.savedDollars)}` : ""}`
    : "";
  const button = el(
    "button",
    { class: "line", type: "button", "aria-expanded": "false" },
    el("time", { class: "time", datetime: decision.at }, clock(decision.at)),
    el("span", { class: `badge ${tone}` }, words),
    el(
      "span",
      { class: "asked" },
      el("span", { class: "reported", hidden: !isReported(decision) }, "reported wrong"),
      decision.question || "a request that could not be read",
      notStored(decision) && el("span", { class: "why" }, ` ${notStored(decision)}`),
    ),
    el("span", { class: "took" }, decision.totalMs === undefined ? "" : milliseconds(decision.totalMs)),
    el("span", { class: "saved", title: saved && "what the hit saved" }, saved),
  );
  return expandable(el("li", { "data-kind": decision.kind, "data-number": decision.number }, button), button, decision);
}

/** What was reported as wrong in this tab, by decision and entry. */
const reported = new Set();

const isReported = (decision) => reported.has(`${decision.number} ${decision.entry}`);

function notStored(decision) {
  if (!decision.reason) return "";
  return decision.kind === "miss" ? `not stored: ${decision.reason}` : decision.kind === "bypass" ? decision.reason : "";
}

function nearRow(decision) {
  const { nearest } = decision;
  const button = el(
    "button",
    { class: "pair", type: "button", "aria-expanded": "false" },
    el("span", { class: "score", title: "the matcher's confidence" }, nearest.confidence < 0 ? "–" : nearest.confidence.toFixed(3)),
    el("span", { class: "asked" }, decision.question),
    el("span", { class: "cached" }, nearest.question),
    el("span", { class: "why", title: nearest.why }, `${nearest.stage}: ${nearest.why}`),
  );
  return expandable(el("li", {}, button), button, decision);
}

function expandable(item, button, decision) {
  button.addEventListener("click", async () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    item.querySelector(".detail")?.remove();
    if (open) return;
    const detail = el("div", { class: "detail" }, el("p", { class: "muted" }, "looking it up …"));
    item.append(detail);
    try {
      detail.replaceChildren(...explanation(await get("explain", { decision: decision.number })));
    } catch (refusal) {
      detail.replaceChildren(...facts(decision), el("p", { class: "error" }, refusal.message));
    }
  });
  return item;
}

// --- one decision, explained ---------------------------------------------------------------------

function explanation(answer) {
  const { decision, lookup } = answer;
  return [
    ...facts(decision),
    actions(decision),
    differences(answer),
    lookup
      ? candidates(decision, lookup)
      : el("p", { class: "muted" }, "The request was too large, or could not be read, so it was not kept to be explained."),
  ].filter((part) => part !== null);
}

function facts(decision) {
  const pairs = [
    ["Question", decision.question],
    ["Answer", decision.answer],
    ["Reason", decision.reason],
    ["Model", decision.model],
    ["Scope", decision.scopeLabel],
    ["Tier", decision.tier && decision.tier !== "semantic" ? decision.tier : ""],
    ["Cosine", decision.similarity?.toFixed(4)],
    ["Confidence", decision.confidence?.toFixed(4)],
    ["Age", decision.ageSeconds === null ? "" : seconds(decision.ageSeconds)],
    ["Time", stages(decision)],
    ["Entry", decision.entry],
  ];
  const list = el("dl", { class: "facts" });
  for (const [name, value] of pairs) {
    if (value) list.append(el("dt", {}, name), el("dd", { class: name === "Entry" ? "code" : "" }, value));
  }
  return [list];
}

function stages(decision) {
  if (!decision.stagesMs) return "";
  const parts = Object.entries(decision.stagesMs).map(([stage, ms]) => `${stage} ${milliseconds(ms)}`);
  return `${milliseconds(decision.totalMs)}: ${parts.join(", ")}`;
}

/** Offers to approve an answer that another key of the group stored, and that is not promoted yet. */
function approval({ nearest }) {
  if (nearest?.stage !== "promotion") return null;
  const row = el("div", { class: "row actions" });
  const approve = async () => {
    try {
      const answer = await post("approve", { entry: nearest.entry });
      toast(answer.known ? "Approved: it serves all keys of the group." : "Nothing is known of that entry any more.");
      row.replaceChildren(el("p", { class: "done", role: "status" }, answer.known ? "You approved that answer." : "That answer is gone."));
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  };
  row.append(
    el("button", { type: "button", onclick: () => openEntry(nearest.entry) }, "Show the entry"),
    el("button", { type: "button", onclick: approve }, "Approve the answer"),
  );
  return row;
}

function actions(decision) {
  if (!decision.entry) return approval(decision);
  if (isReported(decision)) return el("p", { class: "done" }, "You reported this hit as wrong.");
  const row = el("div", { class: "row actions" });
  const say = async (feedback, done) => {
    try {
      const named = decision.explained ? { decision: decision.number } : {};
      const answer = await post("feedback", { entry: decision.entry, feedback, ...named });
      const lost = "The answer is removed. The report is not recorded yet: the gateway tries again.";
      toast(answer.known ? done : answer.removed ? lost : "Nothing is known of that entry any more.");
      if (feedback === "wrong") {
        reported.add(`${decision.number} ${decision.entry}`);
        const item = known.get(decision.number);
        if (item) item.querySelector(".reported").hidden = false;
      }
      row.replaceChildren(el("p", { class: "done", role: "status" }, feedback === "wrong" ? "You reported this hit as wrong." : "You confirmed this hit."));
      changed();
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  };
  row.append(
    el(
      "button",
      {
        type: "button",
        class: "danger",
        onclick: () => say("wrong", "Removed, and the matcher was told: this question does not get that answer again."),
      },
      decision.kind.startsWith("would") ? "This hit would be wrong" : "This hit was wrong",
    ),
    el("button", { type: "button", onclick: () => say("right", "The matcher was told that it was right.") }, "It was right"),
    decision.tier === "curated" ? "" : el("button", { type: "button", onclick: () => openEntry(decision.entry) }, "Show the entry"),
  );
  return row;
}

function differences(answer) {
  const { comparedWith: other, differences: fields } = answer;
  if (!other) return null;
  const title = el("h3", {}, "Which field of the key differs");
  const to = `Compared with decision ${other.number}, ${clock(other.at)}: “${other.question}”`;
  if (fields.length === 0) {
    return el("div", {}, title, el("p", { class: "muted" }, `${to}. Both have the same key: the entry was gone by then, or was not stored.`));
  }
  const rows = fields.map((field) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "code" }, field.field),
      el("td", {}, field.here === "" ? el("em", {}, "absent") : field.here),
      el("td", {}, field.there === "" ? el("em", {}, "absent") : field.there),
    ));
  return el(
    "div",
    {},
    title,
    el("p", { class: "muted" }, to),
    el(
      "div",
      { class: "scroll" },
      el(
        "table",
        { class: "differences" },
        el("thead", {}, el("tr", {}, ...["Field", "This request", "That request"].map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, ...rows),
      ),
    ),
  );
}

function candidates(decision, lookup) {
  const title = el("h3", {}, decision.kind === "hit-exact" ? "What a lookup sees now" : "Candidates, as a lookup sees them now");
  if (lookup.bypass) return el("div", {}, title, el("p", { class: "muted" }, `It is not looked up: ${lookup.bypass}.`));
  const lines = [];
  if (lookup.exactTier) lines.push(`Its own answer is in the tier “${lookup.exactTier}”.`);
  if (lookup.note && lookup.candidates.length === 0) lines.push(`By meaning: ${lookup.note}.`);
  if (lookup.compared && lookup.compared !== decision.question) lines.push(`It is compared as “${lookup.compared}”.`);
  if (lines.length === 0 && lookup.candidates.length === 0) lines.push("No other entry is near.");
  return el(
    "div",
    {},
    title,
    ...lines.map((line) => el("p", { class: "muted" }, line)),
    ...lookup.candidates.map((candidate) =>
      el(
        "div",
        { class: "candidate" },
        el(
          "p",
          { class: "what" },
          el("span", { class: `badge ${candidate.accepted ? "meaning" : "miss"}` }, candidate.accepted ? "accepted" : "rejected"),
          el("span", { class: "asked" }, candidate.question || "an entry that cannot be served"),
          el("span", { class: "took" }, `cosine ${candidate.similarity.toFixed(3)}${candidate.language ? `, language ${candidate.language}` : ""}`),
        ),
        el(
          "ol",
          { class: "steps" },
          ...candidate.steps.map((step) =>
            el(
              "li",
              { class: step.result },
              el("span", { class: "stage" }, step.stage),
              el("span", { class: "score" }, step.score.toFixed(3)),
              el("span", {}, step.words),
            )),
        ),
      )),
  );
}

export const shown = () => count(known.size);

// What is stored: search, order, filters, pages, and removal.

import { get, post } from "./api.js";
import * as charts from "./charts.js";
import { openEntry } from "./entry.js";
import { age, bytes, byId, confirmed, count, el, milliseconds, say, seconds, toast } from "./dom.js";

const PAGE = 20;
const MOST_OFFSET = 1000;

let offset = 0;
const filters = { tag: "", document: "", scope: "" };
let scopeLabel = "";
let changed = () => {};

/** Has `listener` called when entries were removed. */
export function onChange(listener) {
  changed = listener;
}

/** Searches from the first page. */
export function search() {
  offset = 0;
  return refresh();
}

/** Searches again, on the same page. */
export async function refresh() {
  say("entries-note", "searching …");
  const text = byId("search-text").value.trim();
  let answer;
  try {
    answer = await get("entries", { q: text, sort: byId("search-sort").value, offset, limit: PAGE, ...filters });
  } catch (refusal) {
    say("entries-note", refusal.message);
    throw refusal;
  }
  if (answer.entries.length === 0 && offset > 0) {
    return search();
  }
  byId("entries").replaceChildren(...answer.entries.map(row));
  showFilters();
  const isAll = text === "" && Object.values(filters).every((value) => value === "");
  const incomplete = {
    "broken-off": "; a tier failed on the way, entries are missing",
    stopped: "; these are not all, there are too many to look at",
  };
  say(
    "entries-note",
    `${isAll ? "" : `${count(answer.matched)} of `}${count(answer.visited)} entries, ${bytes(answer.bytes)}${incomplete[answer.scan] ?? ""}`,
  );
  say("entries-empty", answer.entries.length > 0 ? "" : nothing(isAll, answer));
  const last = offset + answer.entries.length;
  byId("pages").hidden = offset === 0 && last >= answer.matched;
  byId("page-before").disabled = offset === 0;
  byId("page-next").disabled = last >= answer.matched || last > MOST_OFFSET;
  charts.classes("age-chart", answer.byAge);
  charts.classes("size-chart", answer.bySize);
  say("age-note", `${count(answer.visited)} in all`);
  say("size-note", bytes(answer.bytes));
  return answer;
}

function nothing(isAll, answer) {
  if (!isAll) return "No entry has that. Search for less, or take a filter away.";
  return answer.scan === "broken-off"
    ? "The exact tier does not answer; see reprise_trouble in /metrics, and the log."
    : "Nothing is stored yet. Answers to requests at temperature 0 are, unless the policy says otherwise.";
}

/** Goes on by a page, or back. */
export function turn(pages) {
  offset = Math.max(0, offset + pages * PAGE);
  return refresh();
}

function showFilters() {
  const shown = Object.entries(filters).filter(([, value]) => value !== "");
  byId("filters").replaceChildren(
    ...shown.map(([what, value]) =>
      el(
        "button",
        {
          type: "button",
          class: "chip on",
          "aria-label": `Take the filter ${what} ${value} away`,
          onclick: () => {
            filters[what] = "";
            search().catch(complain);
          },
        },
        `${what}: ${what === "scope" ? scopeLabel : value} ×`,
      )),
    ...shown.map(([what, value]) =>
      el(
        "button",
        { type: "button", class: "chip danger", onclick: () => remove(what, value, what === "scope" ? scopeLabel : value) },
        `Remove all of this ${what}`,
      )),
  );
}

const complain = (refusal) => toast(refusal.message, "bad");

function chip(what, value, label) {
  return el(
    "button",
    {
      type: "button",
      class: "chip",
      title: `Show only the entries of this ${what}`,
      onclick: () => {
        filters[what] = value;
        if (what === "scope") scopeLabel = label;
        search().catch(complain);
      },
    },
    label,
  );
}

function row(entry) {
  const left = Math.max(0, (new Date(entry.expiresAt).getTime() - Date.now()) / 1000);
  return el(
    "li",
    { class: "entry", "data-key": entry.key },
    el(
      "div",
      { class: "texts" },
      el("p", { class: "asked" }, entry.byMeaning ? entry.question : `Exact only: ${entry.question}`),
      el("p", { class: "answer" }, entry.answer),
      el(
        "p",
        { class: "chips" },
        ...(entry.scope ? [chip("scope", entry.scope, entry.scopeLabel)] : []),
        ...entry.tags.map((tag) => chip("tag", tag, tag)),
        ...entry.documents.map((document) => chip("document", document, `document ${document}`)),
      ),
    ),
    el(
      "dl",
      { class: "figures" },
      ...[
        ["model", entry.model || "–"],
        ["age", age(entry.storedAt)],
        ["expires in", seconds(left)],
        ["size", bytes(entry.bytes)],
        ["upstream", milliseconds(entry.upstreamMs)],
      ].flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
    el("button", { type: "button", class: "show", "aria-label": `Show the entry: ${entry.question}`, onclick: () => openEntry(entry.key) }, "Show"),
    el(
      "button",
      { type: "button", class: "danger", "aria-label": `Remove the entry: ${entry.question}`, onclick: () => remove("entry", entry.key, entry.question) },
      "Remove",
    ),
  );
}

/** Removes what has that name, once that was confirmed. */
export async function remove(what, name, label = name) {
  const text =
    what === "entry"
      ? `The answer to “${label}” is asked for anew the next time.`
      : `Every entry of the ${what} “${label}” is removed, in all tiers.`;
  if (!(await confirmed(what === "entry" ? "Remove this entry?" : `Remove all of this ${what}?`, text))) return;
  try {
    const answer = await post("invalidate", { [what]: name });
    toast(answer.removed === 1 ? "One entry was removed." : `${count(answer.removed)} entries were removed.`);
    if (what in filters) filters[what] = "";
    changed();
    await refresh();
  } catch (refusal) {
    complain(refusal);
  }
}

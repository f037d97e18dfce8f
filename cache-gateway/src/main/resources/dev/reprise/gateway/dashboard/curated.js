// The curated answers: what is served, what the judge proposes, and the versions.

import { get, post, remove } from "./api.js";
import { age, byId, confirmed, count, el, say, toast } from "./dom.js";

const PAGE = 20;
let offset = 0;

/** Shows what is curated now. */
export async function refresh() {
  const answer = await get("curated", { q: byId("curated-text").value.trim(), offset, limit: PAGE });
  const made = answer.madeBy === "" ? "" : ` by ${answer.madeBy}`;
  say(
    "curated-note",
    answer.version === 0 ? "nothing was imported yet" : `version ${answer.version}, ${count(answer.size)} entries, ${age(answer.madeAt)} ago${made}`,
  );
  byId("curated").replaceChildren(...answer.entries.map(entry));
  say("curated-empty", answer.entries.length > 0 ? "" : answer.version === 0 ? "Import a file with ./reprise curate FILE." : "No entry has that.");
  byId("curated-pages").hidden = answer.matched <= PAGE;
  byId("curated-before").disabled = offset === 0;
  byId("curated-next").disabled = offset + PAGE >= answer.matched;
  byId("proposals").replaceChildren(...answer.proposals.map(proposal));
  byId("proposals-box").hidden = answer.proposals.length === 0;
  const versions = byId("curated-versions");
  versions.replaceChildren(
    el("option", { value: "" }, "earlier version"),
    ...answer.versions.slice(1).map((version) =>
      el("option", { value: String(version.version) }, `${version.version}: ${count(version.size)} entries, ${age(version.madeAt)} ago`)),
  );
  byId("curated-rollback").hidden = answer.versions.length < 2;
}

function entry(one) {
  const limits = [`scope: ${one.scopeLabel}`];
  if (one.models) limits.push(`models: ${one.models.join(", ")}`);
  if (one.systems) limits.push(`${count(one.systems.length)} system prompts`);
  if (one.reviewedBy) limits.push(`reviewed by ${one.reviewedBy}`);
  return el(
    "li",
    {},
    el(
      "details",
      {},
      el("summary", {}, el("span", { class: "badge curated" }, one.id), el("span", { class: "asked" }, one.question)),
      el("p", { class: "muted" }, limits.join(" · ")),
      el("pre", { class: "whole" }, one.answer),
      ...(one.aliases ?? []).map((alias) => el("p", { class: "muted" }, `also: ${alias}`)),
      ...one.approvedAliases.map((alias) => approved(one, alias)),
      el(
        "div",
        { class: "row actions" },
        el("button", { type: "button", class: "danger", onclick: () => removeEntry(one) }, "Remove this entry"),
      ),
    ),
  );
}

function approved(one, alias) {
  const where = alias.scope ? `, in its scope only` : "";
  return el(
    "p",
    { class: "muted row" },
    el("span", {}, `also: ${alias.text} (approved by ${alias.by || "somebody"}${where})`),
    el("button", { type: "button", onclick: () => act(() => remove("curated", { id: one.id, alias: alias.text }), "That wording is taken back.") }, "Take back"),
  );
}

function proposal(one) {
  const decide = (decision, done) => act(() => post("curated/proposal", { id: one.id, decision, by: "dashboard" }), done);
  return el(
    "li",
    {},
    el("p", { class: "what" }, el("span", { class: "badge miss" }, "proposed"), el("span", { class: "asked" }, one.question)),
    el("p", { class: "muted" }, `would be answered as “${one.entryQuestion}” · asked in ${one.scopeLabel} · confidence ${one.confidence.toFixed(3)}`),
    el("pre", { class: "whole" }, one.entryAnswer),
    el(
      "div",
      { class: "row actions" },
      el("button", { type: "button", class: "primary", onclick: () => decide("approve", "Approved: that question is another wording now.") }, "Approve"),
      el("button", { type: "button", onclick: () => decide("reject", "Rejected: it is not proposed again.") }, "Reject"),
    ),
  );
}

async function act(task, done) {
  try {
    await task();
    toast(done);
  } catch (refusal) {
    toast(refusal.message, "bad");
  }
  await refresh();
}

async function removeEntry(one) {
  if (await confirmed("Remove this curated answer?", `“${one.question}” is answered by the model again. The version before is kept.`)) {
    await act(() => remove("curated", { id: one.id, by: "dashboard" }), "Removed.");
  }
}

/** Goes back to the version that is chosen. */
export async function rollBack() {
  const version = byId("curated-versions").value;
  if (version !== "" && (await confirmed("Go back?", `The entries of version ${version} are served again, as a new version.`, "Go back"))) {
    await act(() => post("curated/rollback", { version: Number(version), by: "dashboard" }), `The entries of version ${version} are served again.`);
  }
}

/** Searches anew. */
export function search() {
  offset = 0;
  return refresh();
}

/** Turns the page. */
export function turn(by) {
  offset = Math.max(0, offset + by * PAGE);
  return refresh();
}

// One entry, whole: what was asked, what is answered, and what is known of both.

import { get } from "./api.js";
import { byId, bytes, count, el, milliseconds, seconds, toast } from "./dom.js";

/** Shows the entry with this key. */
export async function openEntry(key) {
  let entry;
  try {
    entry = await get("entry", { key });
  } catch (refusal) {
    toast(refusal.message, "bad");
    return;
  }
  byId("entry-content").replaceChildren(...parts(entry));
  byId("entry").showModal();
}

function parts(entry) {
  const { request } = entry;
  return [
    facts([
      ["Model", entry.model],
      ["Hits", `${count(entry.hits)} since the gateway was started`],
      ["Age", seconds(entry.ageSeconds)],
      ["Expires", new Date(entry.expiresAt).toLocaleString("en-GB")],
      ["Found", entry.byMeaning ? "exactly and by meaning" : "exactly only"],
      ["Scope", entry.scopeLabel],
      ["Tags", entry.tags.join(", ")],
      ["Documents", entry.documents.join(", ")],
      ["Size", bytes(entry.bytes)],
      ["Upstream took", milliseconds(entry.upstreamMs)],
      ["Key", entry.key],
    ]),
    ...(request ? asked(request) : [el("h3", {}, entry.byMeaning ? "Question" : "Why exactly only"), text(entry.question), note()]),
    el("h3", {}, "Answer"),
    text(entry.answer || "(no text)"),
    el("details", {}, el("summary", {}, "As it was stored"), text(pretty(entry.payload))),
  ];
}

function asked(request) {
  const parameters = Object.entries(request.parameters);
  return [
    ...request.messages.flatMap((message) => [el("h3", {}, `Message: ${message.role}`), text(message.text)]),
    el("h3", {}, "Parameters"),
    parameters.length === 0 && request.tools.length === 0
      ? el("p", { class: "muted" }, "none")
      : facts([...parameters, ...(request.tools.length > 0 ? [["tools", request.tools.join(", ")]] : []), ["use case", request.useCase]]),
  ];
}

const note = () =>
  el("p", { class: "muted" }, "System prompt and parameters are not stored with an entry. They are shown here while a request that had it is among the latest decisions.");

const text = (words) => el("pre", { class: "whole" }, words);

function facts(pairs) {
  const list = el("dl", { class: "facts" });
  for (const [name, value] of pairs) {
    if (value !== "" && value !== undefined && value !== null) list.append(el("dt", {}, name), el("dd", { class: name === "Key" ? "code" : "" }, String(value)));
  }
  return list;
}

function pretty(payload) {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

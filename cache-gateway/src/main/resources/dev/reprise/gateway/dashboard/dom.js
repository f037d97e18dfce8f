// Builds and finds elements. What users wrote becomes text nodes and attributes, never markup.

export const byId = (id) => document.getElementById(id);

/** Returns a new element; functions among the attributes are listeners ("onclick"). */
export function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") {
      node.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Shows `text` in an element that is there for it, or hides that. */
export function say(id, text) {
  const node = byId(id);
  node.textContent = text;
  node.hidden = text === "";
}

/** Tells what was done, for a while. */
export function toast(text, kind = "done") {
  const node = el("p", { class: `toast ${kind}` }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), 6000);
}

/** Asks before something is removed. */
export function confirmed(title, text, button = "Remove") {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = button;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// --- numbers for people --------------------------------------------------------------------------

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const count = (number) => whole.format(number);

export const percent = (share) => {
  const value = share * 100;
  return `${value !== 0 && value < 1 ? value.toPrecision(1) : value.toFixed(1)} %`;
};

export function milliseconds(ms) {
  if (ms < 1) return `${three.format(ms * 1000)} µs`;
  return ms < 1000 ? `${three.format(ms)} ms` : seconds(ms / 1000);
}

export function seconds(s) {
  if (s < 1) return `${three.format(s * 1000)} ms`;
  if (s < 120) return `${three.format(s)} s`;
  if (s < 7200) return `${three.format(s / 60)} min`;
  if (s < 172800) return `${three.format(s / 3600)} h`;
  return `${three.format(s / 86400)} days`;
}

export function dollars(usd) {
  if (usd === 0) return "$0";
  return usd < 0.01 ? `$${usd.toFixed(6).replace(/0+$/, "")}` : `$${usd.toFixed(2)}`;
}

export function bytes(number) {
  if (number < 1024) return `${number} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = number;
  let unit = "B";
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${three.format(value)} ${unit}`;
}

export const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB");

export const clockMinutes = (iso) =>
  new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

export const age = (iso) => seconds(Math.max(0, Math.round((Date.now() - new Date(iso).getTime()) / 1000)));

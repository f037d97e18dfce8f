// Asks the gateway's administration, with the token of this tab.

const KEY = "reprise-admin-token";

/** What the gateway refused, with its status; 0 where it did not answer. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const token = () => sessionStorage.getItem(KEY) ?? "";
export const keepToken = (value) => sessionStorage.setItem(KEY, value);
export const forgetToken = () => sessionStorage.removeItem(KEY);

async function send(path, options) {
  let response;
  try {
    response = await fetch(`admin/${path}`, {
      ...options,
      cache: "no-store",
      headers: { ...options.headers, Authorization: `Bearer ${token()}` },
    });
  } catch {
    throw new Refusal(0, "the gateway does not answer");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refusal(response.status, body.error?.message ?? `the gateway answered ${response.status}`);
  }
  return body;
}

function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "" && value !== undefined) query.set(name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** GETs `path` with the query that the parameters make; empty ones are left out. */
export function get(path, parameters = {}) {
  return send(address(path, parameters), { method: "GET" });
}

/** DELETEs what the parameters name at `path`. */
export function remove(path, parameters) {
  return send(address(path, parameters), { method: "DELETE" });
}

export function post(path, body) {
  return send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

// Asking the server, again where that makes sense: the connection was lost, or somebody was faster.
const PAUSES = [400, 900, 1800, 3500, 6000, 9000]; // milliseconds before each further try
const token = document.querySelector("meta[name=csrf-token]").content;

// An answer that is no success: what it says and whether the same may succeed later.
export class Refused extends Error {
  constructor(status, { code = "", message = "The server did not answer as expected.", remedy = "Try again.", retryable = false }) {
    super(message);
    Object.assign(this, { status, code, remedy, retryable });
  }
}

export class Offline extends Error {}

export function pause(number) {
  // A little chance, so that two pages that met do not meet again.
  const length = PAUSES[Math.min(number, PAUSES.length - 1)] * (1 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, length));
}

export const TRIES = PAUSES.length + 1;

// POST JSON. A lost connection is tried again with the same body: every act here may be repeated.
export function post(url, body) {
  return again(async () => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
    return read(answer, () => answer.json());
  });
}

export function getBytes(url) {
  return again(async () => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return read(answer, async () => new Uint8Array(await answer.arrayBuffer()));
  });
}

async function read(answer, content) {
  if (answer.ok) return content();
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // No JSON: the status has to do.
  }
  throw new Refused(answer.status, said);
}

async function again(ask) {
  for (let number = 0; ; number += 1) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (number >= TRIES - 1) throw new Offline("The connection was lost.");
    }
    await pause(number);
  }
}

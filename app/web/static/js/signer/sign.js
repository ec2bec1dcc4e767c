// The act. This device makes a key that nobody can take out of it, proves to the server that it
// holds it, checks what it is asked to sign against the bytes that it displayed, signs once and
// forgets the key. Where a browser cannot do that, the form signs on the server and says so.
import { fromBase64, toBase64, toHex } from "./base64.js";
import { CheckFailed, checkPrepared, sha256 } from "./prepared_file.js";
import { Offline, Refused, TRIES, getBytes, pause, post } from "./server.js";

const PREFIX = new TextEncoder().encode("countersign proof of possession\0");
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

const form = document.getElementById("sign-form");
const button = form.querySelector("button");
const working = document.getElementById("working");
const trouble = document.getElementById("trouble");
const urls = form.dataset;
let busy = false;
let pair = null; // lives until the signature is made, so that a second press goes on with it

if (window.isSecureContext && globalThis.crypto?.subtle) {
  document.querySelector("[data-key=server]").hidden = true;
  document.querySelector("[data-key=device]").hidden = false;
  // In the capture phase, before the guard against double clicks: this has its own.
  form.addEventListener("submit", start, true);
}

async function start(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (busy) return;
  busy = true;
  button.setAttribute("aria-disabled", "true");
  trouble.hidden = true;
  try {
    say("Making a key on this device…");
    pair ??= await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const next = await sign();
    // Nothing holds the key any more; it could not be taken out of the browser in any case.
    pair = null;
    location.replace(next);
    return;
  } catch (error) {
    show(error);
  }
  say("");
  busy = false;
  button.removeAttribute("aria-disabled");
}

// Sign with this key; on a file that moved on, again, unasked. Returns where to go next.
async function sign() {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const displayed = await displayedFile();
  for (let number = 0; ; number += 1) {
    try {
      await prove(publicKey);
      return await signOnce(publicKey, displayed);
    } catch (error) {
      const movedOn = error instanceof Refused && error.status === 409 && error.retryable;
      if (!movedOn || number >= TRIES - 1) throw error;
    }
    say("Somebody else signs at this moment. One moment…");
    await pause(number);
  }
}

async function signOnce(publicKey, displayed) {
  say("Preparing your signature…");
  const prepared = await post(urls.prepare, { public_key_digest: toHex(await sha256(publicKey)) });
  const attributes = fromBase64(prepared.signed_attributes);
  say("Checking that these are the pages you read…");
  await checkPrepared({
    displayed,
    rest: await getBytes(prepared.file_url),
    baseLength: prepared.base_length,
    attributes,
    documentDigest: fromBase64(prepared.document_digest),
  });
  say("Signing…");
  const value = await crypto.subtle.sign(SIGNING, pair.privateKey, attributes);
  const answer = await post(urls.finish, { prepared_digest: prepared.prepared_digest, signature: toBase64(value) });
  return answer.next;
}

async function prove(publicKey) {
  const challenge = fromBase64(urls.challenge);
  const told = new Uint8Array(PREFIX.length + challenge.length);
  told.set(PREFIX);
  told.set(challenge, PREFIX.length);
  const proof = await crypto.subtle.sign(SIGNING, pair.privateKey, told);
  await post(urls.credential, { public_key: toBase64(publicKey), proof: toBase64(proof) });
}

// The bytes whose pages were displayed: those of the digest shown here, and of the one that the
// reading page noted on this device.
async function displayedFile() {
  const bytes = await getBytes(urls.file);
  const digest = toHex(await sha256(bytes));
  let noted = urls.displayed;
  try {
    noted = sessionStorage.getItem(`displayed:${urls.envelope}`) ?? noted;
  } catch {
    // Storage is switched off: the digest shown on this page holds.
  }
  if (digest !== urls.displayed || digest !== noted) {
    throw new CheckFailed("the file is not the one whose pages you read; go back to reading");
  }
  return bytes;
}

function show(error) {
  if (error instanceof Refused && error.status === 401) {
    location.assign(urls.lost);
    return;
  }
  if (error instanceof Refused && error.code === "already-signed") {
    location.assign(urls.done);
    return;
  }
  const [message, remedy] = wording(error);
  trouble.querySelector("[data-message]").textContent = message;
  trouble.querySelector("[data-remedy]").textContent = remedy;
  trouble.hidden = false;
  trouble.focus();
}

function wording(error) {
  if (error instanceof CheckFailed) {
    return ["Not signed.", `This device refused what it was asked to sign: ${error.message}. Tell the sender.`];
  }
  if (error instanceof Offline) {
    return ["Not confirmed yet.", "The connection was lost. Nothing you entered is lost: press the button again when you are back."];
  }
  if (error instanceof Refused && error.status === 503) {
    return ["Not signed yet.", `${error.message} Nothing you entered is lost: press the button again in a minute.`];
  }
  if (error instanceof Refused) return [`Not signed. ${error.message}`, error.remedy];
  return ["Not signed.", "This browser could not make the signature. Press the button again, or use another browser."];
}

function say(words) {
  working.textContent = words;
}

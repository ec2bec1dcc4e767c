// The device's own check of what it is asked to sign. It knows the bytes whose pages it displayed;
// whatever is signed is made of exactly these bytes and of signature revisions that follow them.
import { toHex } from "./base64.js";
import { messageDigest } from "./der.js";

export class CheckFailed extends Error {}

const ENOUGH = 200; // characters from a byte range on that hold its four numbers
const TRAILER_END = 1024; // bytes at the end of a file that hold "startxref"

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// Throws CheckFailed unless `rest`, put behind `displayed`, is what the attributes speak of.
export async function checkPrepared({ displayed, rest, baseLength, attributes, documentDigest }) {
  if (baseLength < displayed.length) fail("the file to be signed is shorter than the one displayed");
  const file = new Uint8Array(displayed.length + rest.length);
  file.set(displayed);
  file.set(rest, displayed.length);
  const text = latin1(file.subarray(displayed.length));
  const [first, gapStart, gapEnd, length] = lastByteRange(text);
  if (first !== 0 || gapEnd + length !== file.length || gapStart < baseLength || gapEnd <= gapStart) {
    fail("the signature would not cover the whole file");
  }
  if (!/^<0+>$/.test(text.slice(gapStart - displayed.length, gapEnd - displayed.length))) {
    fail("the room for the signature is not empty");
  }
  const covered = new Uint8Array(gapStart + length);
  covered.set(file.subarray(0, gapStart));
  covered.set(file.subarray(gapEnd), gapStart);
  const digest = toHex(await sha256(covered));
  if (digest !== toHex(documentDigest) || digest !== toHex(messageDigest(attributes))) {
    fail("what would be signed is not this file");
  }
  checkRevisions(text, displayed.length, largestObject(displayed));
}

// Every revision after the displayed bytes ends with its signature, and changes only form fields
// (initials, signatures) and the catalogue among the objects that were there before.
function checkRevisions(text, start, known) {
  const ends = [...text.matchAll(/%%EOF\r?\n?/g)].map((match) => match.index + match[0].length);
  if (!ends.length || ends[ends.length - 1] !== text.length) fail("something follows the last revision");
  let from = 0;
  for (const end of ends) {
    const revision = text.slice(from, end);
    const ranges = [...revision.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
    if (ranges.length !== 1) fail("a revision is no signature");
    const [, first, , gapEnd, length] = ranges[0].map(Number);
    if (first !== 0 || gapEnd + length !== start + end) fail("a signature does not reach to its end");
    for (const { number, body } of objects(revision)) {
      if (number < known && !isField(body) && !/\/Type\s*\/Catalog\b/.test(body)) fail(`object ${number} is changed`);
      if (/\/Type\s*\/(Pages?|ObjStm)\b/.test(body)) fail("a page is changed");
    }
    from = end;
  }
}

function isField(body) {
  return /\/Subtype\s*\/Widget\b/.test(body) && /\/FT\s*\/(Sig|Tx)\b/.test(body);
}

// The objects of a revision: number and dictionary, streams left out by their own length.
function* objects(text) {
  const heads = /(?:^|[\r\n])(\d+)\s+\d+\s+obj\b/g;
  for (let head = heads.exec(text); head; head = heads.exec(text)) {
    const begin = heads.lastIndex;
    const close = text.indexOf("endobj", begin);
    if (close < 0) fail("an object has no end");
    const stream = /stream\r?\n/g;
    stream.lastIndex = begin;
    const found = stream.exec(text);
    const hasStream = found && found.index < close;
    const body = text.slice(begin, hasStream ? found.index : close);
    yield { number: Number(head[1]), body };
    if (!hasStream) {
      heads.lastIndex = close;
      continue;
    }
    const length = /\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(body);
    if (!length) fail("a stream has no length");
    heads.lastIndex = stream.lastIndex + Number(length[1]);
  }
}

function lastByteRange(text) {
  const at = text.lastIndexOf("/ByteRange");
  const found = /\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(text.slice(at, at + ENOUGH));
  if (at < 0 || !found) fail("there is no place for the signature");
  return found.slice(1).map(Number);
}

// One more than the largest object number of the displayed file, as its last trailer says.
function largestObject(bytes) {
  const end = latin1(bytes.subarray(-TRAILER_END));
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(end)?.[1] ?? NaN);
  const size = start < bytes.length ? /\/Size\s+(\d+)/.exec(latin1(bytes.subarray(start))) : null;
  if (!size) fail("the displayed file has no end");
  return Number(size[1]);
}

function latin1(bytes) {
  return new TextDecoder("latin1").decode(bytes);
}

function fail(reason) {
  throw new CheckFailed(reason);
}

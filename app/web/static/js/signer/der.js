// Just enough DER (X.690) to read one value out of the CMS signed attributes (RFC 5652, 5.3).
const MESSAGE_DIGEST = "06092a864886f70d010904"; // the object identifier 1.2.840.113549.1.9.4
const SET = 0x31;
const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;

// The element at `start`: its tag, and where its content begins and ends.
function element(bytes, start) {
  const tag = bytes[start];
  let length = bytes[start + 1];
  let content = start + 2;
  if (length > 0x80) {
    const count = length & 0x7f;
    if (count > 3) throw new Error("a length that is too long");
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + bytes[content + index];
    content += count;
  } else if (length === 0x80) throw new Error("an indefinite length");
  if (content + length > bytes.length) throw new Error("a length beyond the end");
  return { tag, content, end: content + length };
}

function expect(bytes, start, tag) {
  const found = element(bytes, start);
  if (found.tag !== tag) throw new Error(`tag ${found.tag} where ${tag} belongs`);
  return found;
}

// The value of the attribute messageDigest. Throws unless there is exactly one, in a whole SET.
export function messageDigest(attributes) {
  const set = expect(attributes, 0, SET);
  if (set.end !== attributes.length) throw new Error("bytes after the attributes");
  const found = [];
  for (let at = set.content; at < set.end; ) {
    const attribute = expect(attributes, at, SEQUENCE);
    const name = element(attributes, attribute.content);
    const identifier = hex(attributes.subarray(attribute.content, name.end));
    if (identifier === MESSAGE_DIGEST) {
      const values = expect(attributes, name.end, SET);
      const value = expect(attributes, values.content, OCTET_STRING);
      if (value.end !== values.end) throw new Error("more than one digest");
      found.push(attributes.subarray(value.content, value.end));
    }
    at = attribute.end;
  }
  if (found.length !== 1) throw new Error("no single message digest");
  return found[0];
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What is signed: C2SP signed-note and tlog-checkpoint. */

import { ascii, hex, joined, same, unhex } from "./bytes";
import { isSigned, toPoint } from "./ed25519";
import { quoted } from "./json";
import { demand, Refused } from "./refusing";
import { sha256 } from "./sha256";
import type { Terms } from "./terms";

const KEY = /^([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n?$/;
export const SIGNED_NOTE =
  /^([!-*,-~]+)\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/]{43}=)\n\n\u2014 ([!-*,-~]+) ([A-Za-z0-9+/]{91}=)\n$/;

export interface Key {
  readonly origin: string;
  readonly id: Uint8Array;
  readonly public: Uint8Array;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

function fromBase64(text: string): Uint8Array {
  const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  demand(btoa(String.fromCharCode(...data)) === text, `${text} is not how base64 is written`);
  return data;
}

export function readKey(text: string): Key {
  const [, origin, id, typed] = KEY.exec(text) ?? [];
  if (origin === undefined || id === undefined || typed === undefined)
    throw new Refused("the key is not of the form <origin>+<8 hex digits>+<base64>");
  const key = fromBase64(typed);
  demand(key[0] === 1, "the key is not one of Ed25519");
  const expected = sha256(joined(ascii(`${origin}\n`), key)).subarray(0, 4);
  demand(id === hex(expected), "the key has another id than it says");
  toPoint(key.subarray(1));
  return { origin, id: unhex(id), public: key.subarray(1) };
}

export function checkSignature(
  terms: Terms,
  what: string,
  origin: string,
  message: Uint8Array,
  signature: Uint8Array,
): void {
  const { key } = terms;
  if (!key) {
    const way = `${what} is signed: check it with --key, or leave it unchecked with --unsigned`;
    demand(terms.unsigned, way);
    terms.passOver(`the signature of ${what}`);
    return;
  }
  demand(origin === key.origin, `${what} is of ${quoted(origin)}, the key of ${quoted(key.origin)}`);
  demand(isSigned(key.public, message, signature), `${what} is not signed with this key`);
  terms.passed("signed", { origin });
}

export function checkCheckpoint(text: string, terms: Terms, what = "the checkpoint"): Checkpoint {
  const found = SIGNED_NOTE.exec(text);
  if (!found) throw new Refused(`${what} is not of the form origin, size, root, empty line, signature`);
  const [origin, digits, by] = [found[1], found[2], found[4]] as [string, string, string];
  const [root, signature] = [fromBase64(found[3] as string), fromBase64(found[5] as string)];
  const size = BigInt(digits);
  demand(size < 2n ** 64n, `${what} is of more than 2^64-1 records`);
  demand(by === origin, `${what} is of ${quoted(origin)}, its signature of ${quoted(by)}`);
  const ours = !terms.key || same(signature.subarray(0, 4), terms.key.id);
  demand(ours, `${what} is signed with another key`);
  const message = ascii(text.slice(0, text.indexOf("\n\n") + 1));
  checkSignature(terms, what, origin, message, signature.subarray(4));
  terms.passed("checkpoint.size", { count: Number(size) });
  return { origin, size, root };
}

/** What follows from seeds. */

import { fromU64, hex, joined, tag, u64, unhex } from "./bytes";
import { canonical, type JsonObject } from "./json";
import { hmac, sha256 } from "./sha256";

const BEYOND = 2n ** 64n;

export function idOf(kind: string, record: JsonObject): string {
  return hex(sha256(joined(tag(kind), canonical(record))));
}

/** s[n - steps] of the chain, from s[n]. */
export function seedBelow(seed: string, n: bigint, steps: bigint): string {
  const message = joined(tag("chain"), u64(0), unhex(seed));
  const place = tag("chain").length;
  const view = new DataView(message.buffer);
  for (let number = n; number > n - steps; number--) {
    view.setBigUint64(place, number);
    message.set(sha256(message), place + 8);
  }
  return hex(message.subarray(place + 8));
}

/** A number below the bound, each as likely as the others. */
export function chosen(entropy: Uint8Array, purpose: Uint8Array, bound: bigint): bigint {
  for (let attempt = 0n; ; attempt++) {
    const number = fromU64(hmac(entropy, joined(purpose, u64(attempt))));
    if (number < BEYOND - (BEYOND % bound)) return number % bound;
  }
}

/** SHA-256 (FIPS 180-4) and its HMAC, without a promise for each hash: a draw of 100,000 ballots takes 200,000. And
 * where a page is not served over HTTPS, as in many a home, browsers have no WebCrypto at all.
 */

import { joined } from "./bytes";

const K = constants(64, 1 / 3);
const START = constants(8, 1 / 2);
const BLOCK = 64;

const words = new Uint32Array(64);
const state = new Uint32Array(8);
const rest = new Uint8Array(2 * BLOCK);

/** The first 32 bits of the fractions of roots of the first primes. */
function constants(count: number, power: number): Uint32Array {
  const found: number[] = [];
  for (let one = 2; found.length < count; one++) if (isPrime(one)) found.push(one);
  return Uint32Array.from(found, (prime) => Math.floor((prime ** power % 1) * 2 ** 32));
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

export function sha256(data: Uint8Array): Uint8Array {
  state.set(START);
  const whole = data.length - (data.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) absorb(data, at);
  const left = data.length - whole;
  rest.fill(0);
  rest.set(data.subarray(whole));
  rest[left] = 0x80;
  const size = left < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  const view = new DataView(rest.buffer);
  view.setUint32(size - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(size - 4, (data.length << 3) >>> 0);
  for (let at = 0; at < size; at += BLOCK) absorb(rest, at);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let n = 0; n < 8; n++) out.setUint32(4 * n, state[n] as number);
  return digest;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function absorb(data: Uint8Array, from: number): void {
  const view = new DataView(data.buffer, data.byteOffset + from);
  for (let n = 0; n < 16; n++) words[n] = view.getUint32(4 * n);
  for (let n = 16; n < 64; n++) {
    const near = words[n - 15] as number;
    const far = words[n - 2] as number;
    const s0 = turned(near, 7) ^ turned(near, 18) ^ (near >>> 3);
    const s1 = turned(far, 17) ^ turned(far, 19) ^ (far >>> 10);
    words[n] = ((words[n - 16] as number) + s0 + (words[n - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let n = 0; n < 64; n++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (K[n] as number) + (words[n] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const mixed = [a, b, c, d, e, f, g, h];
  for (let n = 0; n < 8; n++) state[n] = ((state[n] as number) + (mixed[n] as number)) | 0;
}

export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  const inner = sha256(
    joined(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  );
  return sha256(
    joined(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}

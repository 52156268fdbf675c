/** SHA-512 (FIPS 180-4), for Ed25519: a few hashes for each file, so that it may be slow and plain. */

const MASK = 2n ** 64n - 1n;

/** The first 64 bits of the fraction of a root, by whole numbers alone. */
function fraction(prime: bigint, root: 2n | 3n): bigint {
  const wanted = prime << (64n * root);
  let low = 0n;
  let high = prime << 64n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** root <= wanted) low = middle;
    else high = middle - 1n;
  }
  return low & MASK;
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let one = 2n; found.length < count; one++) if (found.every((prime) => one % prime)) found.push(one);
  return found;
}

const K = primes(80).map((prime) => fraction(prime, 3n));
const START = primes(8).map((prime) => fraction(prime, 2n));

function turned(word: bigint, by: bigint): bigint {
  return (word >> by) | ((word << (64n - by)) & MASK);
}

export function sha512(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 17) / 128) * 128);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n);
  let state = START;
  for (let at = 0; at < padded.length; at += 128) state = absorbed(state, view, at);
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, n) => {
    digest.setBigUint64(8 * n, word);
  });
  return new Uint8Array(digest.buffer);
}

function absorbed(state: readonly bigint[], view: DataView, at: number): bigint[] {
  const words = Array.from({ length: 16 }, (_, n) => view.getBigUint64(at + 8 * n));
  const word = (n: number) => words[n] as bigint;
  for (let n = 16; n < 80; n++) {
    const [near, far] = [word(n - 15), word(n - 2)];
    const s0 = turned(near, 1n) ^ turned(near, 8n) ^ (near >> 7n);
    const s1 = turned(far, 19n) ^ turned(far, 61n) ^ (far >> 6n);
    words.push((word(n - 16) + s0 + word(n - 7) + s1) & MASK);
  }
  let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  for (let n = 0; n < 80; n++) {
    const s1 = turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n);
    const one = h + s1 + ((e & f) ^ ((MASK ^ e) & g)) + (K[n] as bigint) + word(n);
    const s0 = turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & MASK, c, b, a, (one + two) & MASK];
  }
  return [a, b, c, d, e, f, g, h].map((mixed, n) => (mixed + (state[n] as bigint)) & MASK);
}

/** Whether something is signed: RFC 8032, 5.1, as strictly as the other verifier. Nothing here is secret. */

import { joined, same } from "./bytes";
import { demand } from "./refusing";
import { sha512 } from "./sha512";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** X, Y, Z, T: x is X/Z, y is Y/Z, and x·y is T/Z. */
type Point = readonly [bigint, bigint, bigint, bigint];

function mod(number: bigint): bigint {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, mod(base)];
  for (let left = exponent; left; left >>= 1n) {
    if (left & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

function inverse(number: bigint): bigint {
  return power(number, P - 2n);
}

const D = mod(-121665n * inverse(121666n));

function added(one: Point, other: Point): Point {
  const a = mod((one[1] - one[0]) * (other[1] - other[0]));
  const b = mod((one[1] + one[0]) * (other[1] + other[0]));
  const c = mod(2n * D * one[3] * other[3]);
  const d = mod(2n * one[2] * other[2]);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiplied(factor: bigint, point: Point): Point {
  let product: Point = [0n, 1n, 1n, 0n];
  let doubled = point;
  for (let left = factor; left; left >>= 1n) {
    if (left & 1n) product = added(product, doubled);
    doubled = added(doubled, doubled);
  }
  return product;
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Strict: y is below P, and a zero has no sign. */
export function toPoint(data: Uint8Array): Point {
  const whole = number(data);
  const [sign, y] = [whole >> 255n, whole & (2n ** 255n - 1n)];
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  const holds = y < P && mod(x * x) === square && (x !== 0n || sign === 0n);
  demand(holds, "the public key is no point of Ed25519");
  if (x % 2n !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function toBytes(point: Point): Uint8Array {
  const inverted = inverse(point[2]);
  const [x, y] = [mod(point[0] * inverted), mod(point[1] * inverted)];
  let left = y + ((x & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, () => {
    const byte = Number(left & 255n);
    left >>= 8n;
    return byte;
  });
}

const BASE = toPoint(Uint8Array.from({ length: 32 }, (_, n) => (n ? 0x66 : 0x58)));

/** Strict: S is below the order, and R is compared as bytes. */
export function isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [signature.subarray(0, 32), number(signature.subarray(32))];
  const challenge = number(sha512(joined(r, key, message))) % ORDER;
  const [x, y, z, t] = toPoint(key);
  const minus: Point = [mod(-x), y, z, mod(-t)];
  return s < ORDER && same(r, toBytes(added(multiplied(s, BASE), multiplied(challenge, minus))));
}

/** JSON, so strictly that no two readers could take it for different things: no key twice, no number that a u64 does
 * not hold, nothing after the end. Numbers are bigint, since those of a u64 are more than a double can tell apart.
 */

import { ascii } from "./bytes";
import { demand, Refused } from "./refusing";

export type Json = string | bigint | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

const DEEPEST = 200;
const SPACE = /[ \t\n\r]*/y;
/** Without an escape, as nearly all are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in strings
const PLAIN = /"([^"\\\u0000-\u001f]*)"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const BEYOND = 2n ** 64n;

export function readJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Json {
    demand(depth < DEEPEST, "this JSON is nested too deeply");
    this.take(SPACE);
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      default: {
        const word = this.word();
        return word === undefined ? this.number() : word;
      }
    }
  }

  end(): void {
    this.take(SPACE);
    if (this.at < this.text.length) this.broken();
  }

  private object(depth: number): JsonObject {
    // Nobody's prototype: a key may be called as it likes.
    const found: Record<string, Json> = Object.create(null);
    this.at++;
    if (this.comes("}")) return found;
    do {
      this.take(SPACE);
      if (this.text[this.at] !== '"') this.broken();
      const name = this.string();
      if (!this.comes(":")) this.broken();
      const value = this.value(depth + 1);
      demand(!(name in found), "an object has the same key twice");
      found[name] = value;
    } while (this.comes(","));
    if (!this.comes("}")) this.broken();
    return found;
  }

  private list(depth: number): Json[] {
    const found: Json[] = [];
    this.at++;
    if (this.comes("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.comes(","));
    if (!this.comes("]")) this.broken();
    return found;
  }

  private string(): string {
    const plain = this.take(PLAIN);
    if (plain !== undefined) return plain.slice(1, -1);
    const escaped = this.take(STRING);
    return escaped === undefined ? this.broken() : (JSON.parse(escaped) as string);
  }

  private word(): Json | undefined {
    const word = this.take(WORD);
    if (word === undefined) return undefined;
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    throw new Refused("a number has a fraction or an exponent, or is none");
  }

  private number(): bigint {
    const digits = this.take(NUMBER);
    if (digits === undefined) return this.broken();
    demand(!/[.eE]/.test(digits), "a number has a fraction or an exponent, or is none");
    const holds = /^[0-9]{1,20}$/.test(digits) && BigInt(digits) < BEYOND;
    demand(holds, "a number is below 0 or beyond 2^64-1");
    return BigInt(digits);
  }

  private comes(character: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private broken(): never {
    throw new Refused(`this is neither JSON nor a checkpoint: at character ${this.at}`);
  }
}

/** canon(o): sorted keys, no spaces, everything beyond ASCII escaped. */
export function canonical(value: Json): Uint8Array {
  return ascii(written(value));
}

function written(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const object = value as JsonObject;
  const names = Object.keys(object).sort(byCharacter);
  return `{${names.map((name) => `${quoted(name)}:${written(object[name] as Json)}`).join(",")}}`;
}

/** As characters, and not as halves of them. */
function byCharacter(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  for (let n = 0; n < Math.min(a.length, b.length); n++) {
    const less = (a[n]?.codePointAt(0) ?? 0) - (b[n]?.codePointAt(0) ?? 0);
    if (less) return less;
  }
  return a.length - b.length;
}

/** In ASCII: nothing in it can move a cursor. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Of values that were read here: the same bytes, the same value. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  return one === undefined || other === undefined ? one === other : written(one) === written(other);
}

/** What a file has to look like: an object has exactly these keys; [shape] is a list; "either" names what may be. */

import type { Json, JsonObject } from "./json";
import { quoted } from "./json";
import { demand } from "./refusing";

type Shape =
  | "text"
  | "number"
  | "object"
  | RegExp
  | bigint
  | null
  | Exactly
  | Fields
  | readonly [Shape]
  | Either;
interface Fields {
  readonly [name: string]: Shape;
}
class Exactly {
  constructor(readonly text: string) {}
}
class Either {
  constructor(readonly shapes: readonly Shape[]) {}
}

const either = (...shapes: Shape[]) => new Either(shapes);
const exactly = (text: string) => new Exactly(text);
const hexOf = (size: number) => new RegExp(`^[0-9a-f]{${2 * size}}$`);

const HASH = hexOf(32);
const LEAF = hexOf(114);
const USUAL: Fields = {
  ...all("format lottery tz reason log checkpoint old new game", "text"),
  ...all("draw opens_at closes_at prizes count first last seq at user_id player epoch n round", "number"),
  ...all("seed_commit open_id close_id root seed salt net nonce entropy", HASH),
  v: 1n,
  date: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  dealers: [HASH],
  path: [HASH],
  leaf: LEAF,
};

function all(names: string, shape: Shape): Fields {
  return Object.fromEntries(names.split(" ").map((name) => [name, shape]));
}

/** Fields that have the same shape wherever they stand, and others. */
function shape(names: string, others: Fields = {}): Fields {
  const usual = names.split(" ").map((name) => [name, USUAL[name] as Shape]);
  return { ...Object.fromEntries(usual), ...others };
}

const BEACON = shape("net round", { genesis: "number", period: "number", margin: "number" });
/** The open of the vector names no lottery. One in a log does. */
const NAMELESS = shape("v draw date tz opens_at closes_at prizes seed_commit dealers", {
  beacon: either(null, BEACON),
});
const OPEN: Fields = { ...NAMELESS, lottery: "text" };
const CLOSE = shape("v draw open_id count root");
const RESULT = shape("v draw close_id seed dealers", {
  beacon: either(null, shape("round", { signature: hexOf(48) })),
  winners: ["number"],
});

export const RECORDS = {
  genesis: shape("v lottery first last seed_commit", { kind: exactly("genesis") }),
  open: OPEN,
  close: CLOSE,
  result: RESULT,
  void: shape("v lottery draw reason", {
    kind: exactly("void"),
    open_id: either(null, HASH),
    close_id: either(null, HASH),
  }),
  rekey: shape("v lottery first last seed_commit reason", { kind: exactly("rekey") }),
};

const SIGNED = shape("format", {
  receipt: shape("v log lottery draw seq leaf at", { kind: exactly("receipt") }),
  signature: hexOf(64),
});
const PLAY = shape("n seed nonce entropy", {
  nonce_by: /^(?:player|server)$/,
  move: "object",
  outcome: "object",
  prize_cents: "number",
});

export const FORMATS = {
  "fairdraw/1": shape("format", {
    open: either(NAMELESS, OPEN),
    close: CLOSE,
    ballots: [LEAF],
    result: RESULT,
  }),
  "fairdraw-receipt/1": SIGNED,
  "fairdraw-ballot/1": {
    ...SIGNED,
    ...shape("user_id salt", { inclusion: either(null, shape("path", { close: CLOSE })) }),
  },
  "fairdraw-log/1": shape("format checkpoint", { records: ["object"] }),
  "fairdraw-consistency/1": shape("format old new path"),
  "fairdraw-plays/1": shape("format game player epoch", { genesis: HASH, plays: [PLAY] }),
  "fairdraw-round/1": shape("format", {
    open: shape("v round game opens_at closes_at n seed_commit", { group: "number", genesis: HASH }),
    picks: [{ player: HASH, move: "object" }],
    close: shape("v open_id count root"),
    result: shape("v close_id seed", { outcome: "object", prizes: ["number"] }),
  }),
} satisfies Record<string, Fields>;

export const DICE: Fields = { chance: "number", side: /^(?:over|under)$/ };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fits(value: Json, wanted: Shape): boolean {
  if (wanted === null) return value === null;
  if (wanted === "text") return typeof value === "string";
  if (wanted === "number") return typeof value === "bigint";
  if (wanted === "object") return isObject(value);
  if (typeof wanted === "bigint") return value === wanted;
  if (wanted instanceof RegExp) return typeof value === "string" && wanted.test(value);
  if (wanted instanceof Exactly) return value === wanted.text;
  if (wanted instanceof Either) return wanted.shapes.some((one) => fits(value, one));
  if (Array.isArray(wanted)) return Array.isArray(value) && value.every((part) => fits(part, wanted[0]));
  return isObject(value) && misfits(value, wanted as Fields).length === 0;
}

/** The fields that are missing, unknown, or not of their shape. */
function misfits(value: JsonObject, wanted: Fields): string[] {
  const unlike = [
    ...Object.keys(value).filter((name) => !Object.hasOwn(wanted, name)),
    ...Object.keys(wanted).filter((name) => !(name in value)),
  ];
  if (unlike.length) return unlike.sort();
  return Object.keys(wanted)
    .filter((name) => !fits(value[name] as Json, wanted[name] as Shape))
    .sort();
}

export function demandShape(value: JsonObject, wanted: Fields): void {
  const wrong = misfits(value, wanted);
  demand(!wrong.length, `not as the format says: ${wrong.map(quoted).join(", ")}`);
}

export function hasFieldsOf(value: JsonObject, wanted: Fields): boolean {
  const names = Object.keys(value);
  return names.length === Object.keys(wanted).length && names.every((name) => Object.hasOwn(wanted, name));
}

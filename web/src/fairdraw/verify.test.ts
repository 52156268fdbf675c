import { describe, expect, it } from "vitest";
import { ascii } from "./bytes";
import vectors from "./vectors.json";
import { verify } from "./verify";

type Json = unknown;
interface Part {
  readonly of?: string;
  readonly change?: readonly (readonly [string, Json])[];
  readonly text?: string;
}

/** Something else at this place: `changed(transcript, "open.dealers.0", "")`. */
function changed(value: Json, where: string, to: Json): Json {
  const [name = "", ...rest] = where.split(".");
  const copy = structuredClone(value) as Record<string, Json>;
  copy[name] = rest.length ? changed(copy[name], rest.join("."), to) : to;
  return copy;
}

const files = vectors.files as Record<string, Json>;

function bytesOf({ of, change = [], text }: Part): Uint8Array {
  if (text !== undefined) return new TextEncoder().encode(text);
  const made = change.reduce<Json>((value, [where, to]) => changed(value, where, to), files[of ?? ""]);
  return ascii(typeof made === "string" ? made : JSON.stringify(made));
}

describe("what the verifier in Python says of a file, this one says, too", () => {
  it.each(vectors.cases as { about: string }[])("$about", (one) => {
    const { given, key, unsigned, holds, refusal, passed } = one as unknown as {
      given: Part[];
      key: boolean;
      unsigned: boolean;
      holds: boolean;
      refusal: string;
      passed: number;
    };
    let count = 0;
    const verdict = verify(
      {
        files: given.map((part, n) => ({ name: String(n + 1), bytes: bytesOf(part) })),
        key: key ? vectors.key : undefined,
        unsigned,
      },
      ({ type }) => {
        if (type === "passed") count++;
      },
    );
    const unlike = /neither JSON nor a checkpoint/;
    expect(verdict.refusal.split(unlike)[0]).toBe(refusal.split(unlike)[0]);
    expect(verdict.holds).toBe(holds);
    if (holds) expect(count).toBe(passed);
  });
});

it("refuses nothing at all", () => {
  expect(verify({ files: [] }).holds).toBe(false);
});

it("does not check a beacon's signature, and never says that it did", () => {
  const given = [{ name: "1", bytes: bytesOf({ of: "beacon" }) }];
  expect(verify({ files: given })).toMatchObject({ holds: false });
  expect(verify({ files: given, beaconUnchecked: true })).toEqual({ holds: true, unchecked: 1, refusal: "" });
});

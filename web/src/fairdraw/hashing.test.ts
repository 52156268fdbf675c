import fc from "fast-check";
import { expect, it } from "vitest";
import { hex } from "./bytes";
import { hmac, sha256 } from "./sha256";
import { sha512 } from "./sha512";

const bytes = (minLength: number) =>
  fc.uint8Array({ minLength, maxLength: 400 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>;

async function theirs(algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest(algorithm, data)));
}

it("hashes as everybody does", async () => {
  await fc.assert(
    fc.asyncProperty(bytes(0), async (data) => {
      expect(hex(sha256(data))).toBe(await theirs("SHA-256", data));
      expect(hex(sha512(data))).toBe(await theirs("SHA-512", data));
    }),
  );
});

it("signs with a key as everybody does", async () => {
  await fc.assert(
    fc.asyncProperty(bytes(1), bytes(0), async (secret, data) => {
      const hash = { name: "HMAC", hash: "SHA-256" };
      const key = await crypto.subtle.importKey("raw", secret, hash, false, ["sign"]);
      expect(hex(hmac(secret, data))).toBe(hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, data))));
    }),
  );
});

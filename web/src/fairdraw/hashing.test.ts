import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hex } from "./bytes";
import { hmac, sha256 } from "./sha256";
import { sha512 } from "./sha512";

const bytes = fc.uint8Array({ maxLength: 400 });

it("hashes as everybody does", () => {
  fc.assert(
    fc.property(bytes, (data) => {
      expect(hex(sha256(data))).toBe(createHash("sha256").update(data).digest("hex"));
      expect(hex(sha512(data))).toBe(createHash("sha512").update(data).digest("hex"));
    }),
  );
});

it("signs with a key as everybody does", () => {
  fc.assert(
    fc.property(bytes, bytes, (key, data) => {
      expect(hex(hmac(key, data))).toBe(createHmac("sha256", key).update(data).digest("hex"));
    }),
  );
});

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** A page's sheet stays when one goes on to the next page: what two sheets say of one class would then be mixed. */
it("a class has its looks from one sheet", () => {
  const homes = new Map<string, Set<string>>();
  const sheets = readdirSync("src", { recursive: true, encoding: "utf8" });
  for (const sheet of sheets.filter((file) => file.endsWith(".css"))) {
    for (const [, name = ""] of readFileSync(`src/${sheet}`, "utf8").matchAll(/^\.([\w-]+)(?:,| \{)$/gm))
      homes.set(name, (homes.get(name) ?? new Set()).add(sheet));
  }
  const shared = [...homes]
    .filter(([, sheets]) => sheets.size > 1)
    .map(([name, sheets]) => [name, ...sheets]);
  expect(homes.size).toBeGreaterThan(100);
  expect(shared).toEqual([]);
});

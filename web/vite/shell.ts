/** The service worker, and the list of files that it keeps. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Plugin, type Rolldown, transformWithOxc } from "vite";
import { ELSEWHERE } from "../src/shell/elsewhere.ts";

const SOURCE = new URL("../src/worker.ts", import.meta.url);
/** Beside what is built: what stands in `public/` and belongs to the shell. */
const KEPT = ["/", "/again.js", "/theme.js", "/icon.svg", "/manifest.webmanifest"];

export function shell(): Plugin {
  return {
    name: "parlour:shell",
    apply: "build",
    // Last: chunks of nothing but style are dropped before, and one file that is not there fails the whole installation.
    generateBundle: { order: "post", handler: emitWorker },
  };
}

async function emitWorker(
  this: Rolldown.PluginContext,
  _: unknown,
  bundle: Readonly<Record<string, unknown>>,
) {
  const built = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
  const version = createHash("sha256").update(built.sort().join()).digest("hex").slice(0, 12);
  const { code } = await transformWithOxc(readFileSync(SOURCE, "utf8"), "worker.ts", {});
  const known = {
    VERSION: version,
    FILES: [...KEPT, ...built.map((name) => `/${name}`)],
    ELSEWHERE: ELSEWHERE.source,
  };
  const source = code.replace(/\b__(VERSION|FILES|ELSEWHERE)__\b/g, (_, name: keyof typeof known) =>
    JSON.stringify(known[name]),
  );
  this.emitFile({ type: "asset", fileName: "worker.js", source });
}

/** Has something verified in a worker of its own. */

import type { Finding } from "./terms";
import type { Verdict, Wish } from "./verify";
import type { FromWorker } from "./worker";

/** A worker that dies has verified nothing. */
export function verifyBeside(wish: Wish, tell: (finding: Finding) => void): Promise<Verdict> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const end = (verdict: Verdict) => {
      worker.terminate();
      resolve(verdict);
    };
    worker.onerror = () => end({ holds: false, unchecked: 0, refusal: "the verifier could not run" });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
      "found" in data ? tell(data.found) : end(data.verdict);
    worker.postMessage(wish);
  });
}

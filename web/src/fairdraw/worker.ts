/** The verifier beside the page: however much there is to hash, the page goes on. */

import type { Finding } from "./terms";
import { type Verdict, verify, type Wish } from "./verify";

export type FromWorker = { readonly found: Finding } | { readonly verdict: Verdict };

addEventListener("message", ({ data }: MessageEvent<Wish>) => {
  const verdict = verify(data, (found) => postMessage({ found } satisfies FromWorker));
  postMessage({ verdict } satisfies FromWorker);
});

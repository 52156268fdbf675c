/** Keeps every checkpoint that comes over the socket, whatever page is open. */

import { hear } from "../live/live";
import { onLeaving } from "../session/session";

export function keepCheckpoints(): void {
  hear("checkpoint", ({ checkpoint }) => {
    void import("./kept").then((kept) => kept.keepCheckpoint(checkpoint)).catch(() => {});
  });
  onLeaving((chosen) => {
    if (chosen) return import("./kept").then((kept) => kept.forgetReceipts()).catch(() => {});
  });
}

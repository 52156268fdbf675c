/** What there is to check, and how it went. */

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { firstKey, type KeptCheckpoint, keptCheckpoints, keptReceipts } from "../../draws/kept";
import { verifyBeside } from "../../fairdraw/beside";
import type { Finding } from "../../fairdraw/terms";
import type { Given, Verdict } from "../../fairdraw/verify";
import { explain } from "../../i18n/refusals";
import { ask, refusalOf, renewing, Unreachable } from "../../wire/http";

export interface Trial {
  readonly state: "fetching" | "running" | "done" | "trouble";
  readonly findings: readonly Finding[];
  readonly verdict?: Verdict;
  readonly trouble?: string;
}

export const trial = signal<Trial | undefined>(undefined);

export interface Trust {
  readonly key: string;
  /** The key is another one than this browser first saw. */
  readonly changed: boolean;
  readonly kept: readonly KeptCheckpoint[];
}

/** The key of the log that this browser first saw, and not just the one of today. */
export function useTrust(): Trust | undefined {
  const [trust, setTrust] = useState<Trust>();
  useEffect(() => {
    const read = async () => {
      const head = await ask("get", "/api/lottery/log");
      const first = await firstKey(head.log, head.key).catch(() => ({ key: head.key }));
      const kept = await keptCheckpoints().catch(() => []);
      setTrust({ key: first.key, changed: first.key !== head.key, kept });
    };
    read().catch(() => {});
  }, []);
  return trust;
}

/** As it came, byte for byte: what is checked is what was sent. */
async function fetched(name: string, path: string): Promise<Given> {
  const answer = await renewing(async () => {
    const response = await fetch(path).catch((error: unknown) => {
      throw new Unreachable(String(error));
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  });
  return { name, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

/** The transcript of a draw, each of one's own ballots in it, and the receipts that this browser has kept of them. */
export async function filesOfDraw(lottery: string, draw: number): Promise<Given[]> {
  const transcript = fetched("draw", `/api/lottery/draws/${lottery}/${draw}/transcript`);
  const { ballots } = await ask("get", "/api/lottery/ballots", { query: { lottery, limit: 100 } });
  const mine = ballots.filter((ballot) => ballot.number === draw);
  const proofs = mine.map((ballot) => fetched("ballot", `/api/lottery/ballots/${ballot.id}`));
  const kept = (await keptReceipts(lottery, draw).catch(() => [])).map(({ file }) => ({
    name: "receipt",
    bytes: new TextEncoder().encode(JSON.stringify(file)),
  }));
  return [await transcript, ...(await Promise.all(proofs)), ...kept];
}

/** The whole log, and every head of it that this browser has kept. */
export async function filesOfLog(kept: readonly KeptCheckpoint[]): Promise<Given[]> {
  const log = await fetched("log", "/api/lottery/log/file");
  const heads = kept.map(({ text }) => ({ name: "checkpoint", bytes: new TextEncoder().encode(text) }));
  return [log, ...heads];
}

export async function filesOfEpoch(game: string, epoch: number): Promise<Given[]> {
  return [await fetched("plays", `/api/game/games/${game}/epochs/${epoch}`)];
}

export async function filesOfPlay(key: string): Promise<Given[]> {
  return [await fetched("plays", `/api/game/plays/${encodeURIComponent(key)}/proof`)];
}

export async function filesOfRound(round: string): Promise<Given[]> {
  return [await fetched("round", `/api/game/rounds/${encodeURIComponent(round)}/proof`)];
}

/** Verify, and show each finding as it comes. */
export async function attempt(gather: () => Promise<Given[]>, key: string): Promise<void> {
  trial.value = { state: "fetching", findings: [] };
  try {
    const files = await gather();
    const findings: Finding[] = [];
    trial.value = { state: "running", findings };
    const verdict = await verifyBeside({ files, key, beaconUnchecked: true }, (finding) => {
      findings.push(finding);
      trial.value = { state: "running", findings: [...findings] };
    });
    trial.value = { state: "done", findings, verdict };
  } catch (error) {
    trial.value = { state: "trouble", findings: [], trouble: explain(error) };
  }
}

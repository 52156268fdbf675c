/** A draw: its ballots, its seed, its sources, its winners. */

import { hex, joined, startsWith, tag, u32, u64, unhex } from "./bytes";
import { quoted } from "./json";
import { chosen, idOf, seedBelow } from "./luck";
import type { Close, Open, Result, Transcript } from "./records";
import { demand } from "./refusing";
import { sha256 } from "./sha256";
import type { Check, Terms, Values } from "./terms";
import { rootOf } from "./tree";

const QUICKNET = {
  net: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  genesis: 1692803367n,
  period: 3n,
};

export function nameOf(record: { draw: bigint; lottery?: string }): string {
  return `draw ${record.draw} of ${quoted(record.lottery ?? "")}`;
}

export function levelOf(opened: Open): 0 | 1 | 2 {
  return opened.beacon ? 2 : opened.dealers.length ? 1 : 0;
}

type Passed = readonly [Check, Values?];

function checkLinks(opened: Open, closed: Close, result: Result): Passed {
  const one = opened.draw >= 1n && opened.draw === closed.draw && closed.draw === result.draw;
  demand(one, "open, close and result are not of one draw");
  demand(opened.opens_at <= opened.closes_at, "the draw opened later than it closed");
  demand(closed.open_id === idOf("open", opened), "the close is of another open");
  demand(result.close_id === idOf("close", closed), "the result is of another close");
  return ["transcript.links"];
}

function checkSeed(opened: Open, _: Close, result: Result): Passed {
  const below = seedBelow(result.seed, opened.draw, 1n);
  demand(below === opened.seed_commit, "the seed is not what the open commits to");
  return ["transcript.seed"];
}

function checkDealers(opened: Open, _: Close, result: Result): Passed {
  const purpose = joined(tag("dealer"), u64(opened.draw));
  const commitments = result.dealers.map((secret) => hex(sha256(joined(purpose, unhex(secret)))));
  demand(
    commitments.join() === opened.dealers.join(),
    "the dealers' secrets are not what the open commits to",
  );
  return ["transcript.dealers", { count: commitments.length }];
}

function checkWinners(opened: Open, closed: Close, result: Result): Passed {
  const sources = [result.seed, ...result.dealers].map(unhex);
  if (result.beacon) sources.push(sha256(unhex(result.beacon.signature)));
  const mixed = sources.flatMap((source) => [u32(source.length), source]);
  const entropy = sha256(joined(tag("entropy"), unhex(result.close_id), ...mixed));
  const prizes = opened.prizes < closed.count ? opened.prizes : closed.count;
  demand(BigInt(result.winners.length) === prizes, `there have to be ${prizes} winners`);
  const winners = picked(entropy, opened.draw, Number(prizes), closed.count);
  demand(winners.join() === result.winners.join(), "other ballots have won");
  return ["transcript.winners"];
}

export function picked(entropy: Uint8Array, draw: bigint, prizes: number, ballots: bigint): bigint[] {
  const winners: bigint[] = [];
  const taken: bigint[] = []; // In order, so that the ballots that remain need not be written out.
  for (let prize = 0; prize < prizes; prize++) {
    const place = chosen(entropy, joined(tag("pick"), u64(draw), u32(prize)), ballots - BigInt(prize));
    let [low, high] = [0, taken.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((taken[middle] as bigint) - BigInt(middle) <= place) low = middle + 1;
      else high = middle;
    }
    const winner = place + BigInt(low);
    taken.splice(low, 0, winner);
    winners.push(winner);
  }
  return winners;
}

export function checkBeacon(opened: Open, result: Result, terms: Terms): void {
  const [declared, given] = [opened.beacon, result.beacon];
  demand((declared === null) === (given === null), "the beacon stands in one of open and result only");
  if (!declared || !given) return;
  const { net, genesis, period } = declared;
  const quicknet = net === QUICKNET.net && genesis === QUICKNET.genesis && period === QUICKNET.period;
  demand(quicknet, "the beacon is not drand's quicknet");
  demand(given.round === declared.round, "the round of the beacon is not the one that the open declares");
  const at = genesis + (declared.round - 1n) * period;
  const later = at > opened.closes_at + declared.margin;
  demand(later, "the round of the beacon is not later than close and margin");
  demand(terms.beaconUnchecked, "checking the beacon takes py_ecc; --beacon-unchecked leaves it unchecked");
  terms.passOver("the signature of the beacon, for want of py_ecc");
  terms.passed("transcript.beacon");
}

export const CHECKS = [checkLinks, checkSeed, checkDealers, checkWinners] as const;

export function checkTranscript({ open, close, ballots, result }: Transcript, terms: Terms): void {
  terms.passed("transcript.is", {
    draw: Number(open.draw),
    lottery: open.lottery ?? "",
    level: levelOf(open),
  });
  const leaves = ballots.map(unhex);
  const head = joined(tag("ballot"), u64(open.draw), u64(0));
  const place = new DataView(head.buffer);
  leaves.forEach((leaf, seq) => {
    place.setBigUint64(head.length - 8, BigInt(seq));
    demand(startsWith(leaf, head), `ballot ${seq} is not of this draw and place`);
  });
  demand(
    BigInt(leaves.length) === close.count,
    `the close is of ${close.count} ballots, not ${leaves.length}`,
  );
  demand(hex(rootOf(leaves)) === close.root, "the close is of other ballots");
  terms.passed("transcript.ballots", { count: leaves.length });
  checkBeacon(open, result, terms);
  for (const check of CHECKS) terms.passed(...check(open, close, result));
}

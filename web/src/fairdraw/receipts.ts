/** A receipt; or a ballot, which is one with more. */

import { hex, joined, startsWith, tag, u64, unhex } from "./bytes";
import { nameOf } from "./draws";
import { canonical } from "./json";
import { checkSignature } from "./notes";
import type { Ballot, Inclusion, Receipt } from "./records";
import { demand } from "./refusing";
import { sha256 } from "./sha256";
import type { Terms } from "./terms";
import { leafHash, rootWith } from "./tree";

export function checkReceipt(file: Ballot, terms: Terms): void {
  const { receipt } = file;
  const leaf = unhex(receipt.leaf);
  const { draw, seq } = receipt;
  const head = joined(tag("ballot"), u64(draw), u64(seq));
  demand(startsWith(leaf, head), `the leaf is not that of ballot ${seq} of draw ${draw}`);
  terms.passed("receipt.is", { seq: String(seq), draw: String(draw), name: nameOf(receipt) });
  const message = joined(tag("receipt"), canonical(receipt));
  checkSignature(terms, "the receipt", receipt.log, message, unhex(file.signature));
  if (file.user_id !== undefined && file.salt !== undefined) checkOwner(leaf, file.user_id, file.salt, terms);
  if (file.inclusion) checkInclusion(leaf, receipt, file.inclusion, terms);
}

function checkOwner(leaf: Uint8Array, user: bigint, salt: string, terms: Terms): void {
  const owner = hex(sha256(joined(tag("user"), unhex(salt), u64(user))));
  demand(hex(leaf.subarray(34, 66)) === owner, `the ballot is not of user ${user} with this salt`);
  terms.passed("receipt.owner");
}

function checkInclusion(leaf: Uint8Array, receipt: Receipt, { close, path }: Inclusion, terms: Terms): void {
  demand(close.draw === receipt.draw, "the close is of another draw");
  demand(receipt.seq < close.count, `the close is of ${close.count} ballots only`);
  const root = rootWith(leafHash(leaf), receipt.seq, close.count, path.map(unhex));
  demand(hex(root) === close.root, "the ballot is not in the tree of the close");
  terms.passed("receipt.included", { count: Number(close.count) });
}

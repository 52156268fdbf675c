/** Trees as RFC 9162, 2.1, has them. */

import { joined, same } from "./bytes";
import { demand } from "./refusing";
import { sha256 } from "./sha256";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(joined(LEAF, leaf));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(NODE, left, right));
}

/** Level by level. An odd node at the end goes up as it is: that splits at the largest power of two. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves.map(leafHash);
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let n = 0; n + 1 < level.length; n += 2)
      above.push(nodeHash(level[n] as Uint8Array, level[n + 1] as Uint8Array));
    if (level.length % 2) above.push(level.at(-1) as Uint8Array);
    level = above;
  }
  return level[0] ?? sha256(new Uint8Array());
}

/** How many leaves stand on the left: the largest power of two below the size. */
function split(size: bigint): bigint {
  return 1n << BigInt((size - 1n).toString(2).length - 1);
}

type Path = readonly Uint8Array[];

function lastOf(path: Path): [Path, Uint8Array] {
  demand(path.length, "the proof is too short");
  return [path.slice(0, -1), path.at(-1) as Uint8Array];
}

/** The root of a tree of this size, by the hash of the leaf at this place and a proof of inclusion. */
export function rootWith(leaf: Uint8Array, index: bigint, size: bigint, path: Path): Uint8Array {
  if (size === 1n) {
    demand(!path.length, "the proof is too long");
    return leaf;
  }
  const [below, beside] = lastOf(path);
  const left = split(size);
  if (index < left) return nodeHash(rootWith(leaf, index, left, below), beside);
  return nodeHash(beside, rootWith(leaf, index - left, size - left, below));
}

/** The roots of both sizes, by a proof of consistency. It leaves out the old root, `known`, where that is a node. */
function rootsWith(
  known: Uint8Array | undefined,
  old: bigint,
  size: bigint,
  path: Path,
): [Uint8Array, Uint8Array] {
  if (old === size) {
    const [below, root] = known ? [path, known] : lastOf(path);
    demand(!below.length, "the proof is too long");
    return [root, root];
  }
  const [below, beside] = lastOf(path);
  const left = split(size);
  if (old <= left) {
    const [before, after] = rootsWith(known, old, left, below);
    return [before, nodeHash(after, beside)];
  }
  const [before, after] = rootsWith(undefined, old - left, size - left, below);
  return [nodeHash(beside, before), nodeHash(beside, after)];
}

interface Head {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** Whether the newer log begins with the older one. Every log begins with the empty one. */
export function isConsistent(old: Head, head: Head, path: Path): boolean {
  if (!old.size) {
    demand(!path.length, "the proof is too long");
    return same(old.root, rootOf([]));
  }
  const [before, after] = rootsWith(old.root, old.size, head.size, path);
  return same(before, old.root) && same(after, head.root);
}

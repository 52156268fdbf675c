/** The first page has a limit to its weight: what is loaded before anything can be read. Beyond it the build fails. */

import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/** The page that most people begin with, and the words of one language. */
const FIRST = [
  /src\/main\.tsx$|index\.html$/,
  /pages\/chats\/ChatsPane\.tsx$/,
  /pages\/chat\/ChatPage\.tsx$/,
  /messages\/uk\.ts$/,
];

export function budget({ kilobytes }: { kilobytes: number }): Plugin {
  return {
    name: "parlour:budget",
    apply: "build",
    generateBundle(_, bundle) {
      const weight = [...firstPage(bundle)].reduce((sum, file) => sum + zipped(bundle, file), 0) / 1000;
      const said = `The first page weighs ${weight.toFixed(1)} kB (gzip), of ${kilobytes} that it may.`;
      if (weight > kilobytes) this.error(said);
      else this.info(said);
    },
  };
}

function firstPage(bundle: Bundle): Set<string> {
  const chunks = Object.values(bundle).filter((one): one is Chunk => one.type === "chunk");
  const files = new Set<string>();
  const take = (chunk: Chunk | undefined) => {
    if (!chunk || files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const style of (chunk as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata
      ?.importedCss ?? [])
      files.add(style);
    for (const name of chunk.imports) take(bundle[name] as Chunk | undefined);
  };
  for (const wanted of FIRST) {
    const found = chunks.find((one) => one.facadeModuleId && wanted.test(one.facadeModuleId));
    if (!found) throw new Error(`No chunk of ${wanted} in the bundle`);
    take(found);
  }
  return files;
}

function zipped(bundle: Bundle, file: string): number {
  const output = bundle[file];
  return gzipSync(output?.type === "chunk" ? output.code : (output?.source ?? "")).length;
}

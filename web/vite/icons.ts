/** The icons that phones want as PNG, drawn from `public/icon.svg` whenever the client is built. */

import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import type { Plugin } from "vite";

const SOURCE = new URL("../public/icon.svg", import.meta.url);
/** Sixteen places within a pixel, whose mean it becomes. */
const SAMPLES = Array.from(
  { length: 16 },
  (_, n) => [((n % 4) + 0.5) / 4, (Math.floor(n / 4) + 0.5) / 4] as const,
);

interface Icon {
  readonly name: string;
  readonly size: number;
  /** Full to the edge, for systems that cut out a shape of their own. */
  readonly bleed?: true;
}

/** Of what Android cuts, only a circle of four fifths is sure to be seen: our seats are within it. */
const ICONS: readonly Icon[] = [
  { name: "icon-192.png", size: 192 },
  { name: "icon-512.png", size: 512 },
  { name: "icon-maskable-512.png", size: 512, bleed: true },
  { name: "icon-180.png", size: 180, bleed: true },
];

export function icons(): Plugin {
  return {
    name: "parlour:icons",
    apply: "build",
    generateBundle() {
      const shapes = shapesOf(readFileSync(SOURCE, "utf8"));
      for (const { name: fileName, size, bleed } of ICONS) {
        this.emitFile({ type: "asset", fileName, source: png(drawn(shapes, size, bleed), size) });
      }
    },
  };
}

type Colour = readonly [red: number, green: number, blue: number];

interface Shape {
  readonly colour: Colour;
  holds(x: number, y: number): boolean;
}

/** The side of the drawing, in its own units. */
const SIDE = 64;

/** As much of SVG as our icon is drawn with: rounded squares and circles, one colour each, the last on top. */
export function shapesOf(svg: string): Shape[] {
  return [...svg.matchAll(/<(rect|circle)\s([^>]*)\/>/g)].map(([, kind, text = ""]) => {
    const given = Object.fromEntries(
      [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const at = (name: string) => Number(given[name] ?? 0);
    const colour = [1, 3, 5].map((from) => Number.parseInt((given.fill ?? "").slice(from, from + 2), 16));
    const holds =
      kind === "circle"
        ? (x: number, y: number) => Math.hypot(x - at("cx"), y - at("cy")) <= at("r")
        : (x: number, y: number) => isInRoundedSquare(x, y, at("width"), at("rx"));
    return { colour: colour as unknown as Colour, holds };
  });
}

function isInRoundedSquare(x: number, y: number, side: number, radius: number): boolean {
  const beyond = (place: number) => Math.max(radius - place, place - (side - radius), 0);
  return x >= 0 && y >= 0 && x <= side && y <= side && Math.hypot(beyond(x), beyond(y)) <= radius;
}

/** Red, green, blue and alpha of each pixel, row by row. */
function drawn(shapes: readonly Shape[], size: number, bleed = false): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  const ground = bleed ? shapes[0] : undefined;
  const top = (x: number, y: number) =>
    shapes.findLast((shape) => shape.holds((x * SIDE) / size, (y * SIDE) / size)) ?? ground;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const corners = [top(x, y), top(x + 1, y), top(x, y + 1), top(x + 1, y + 1)];
      // Only where shapes meet is there anything to blend.
      const even = corners.every((corner) => corner === corners[0]);
      const seen = even ? [corners[0]] : SAMPLES.map(([right, down]) => top(x + right, y + down));
      pixels.set(blend(seen), (y * size + x) * 4);
    }
  }
  return pixels;
}

function blend(seen: readonly (Shape | undefined)[]): number[] {
  const there = seen.filter((shape) => shape !== undefined);
  const mean = (channel: 0 | 1 | 2) =>
    there.length && Math.round(there.reduce((sum, shape) => sum + shape.colour[channel], 0) / there.length);
  return [mean(0), mean(1), mean(2), Math.round((there.length / seen.length) * 255)];
}

/** Eight bits a channel with alpha, no filter (PNG, third edition). */
export function png(pixels: Buffer, size: number): Buffer {
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * size * 4, (row + 1) * size * 4)]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const packed = deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", packed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

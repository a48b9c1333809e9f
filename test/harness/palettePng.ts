import { crc32, deflateSync, inflateSync } from "node:zlib";

interface Picture {
  readonly width: number;
  readonly height: number;
  /** One `0xRRGGBB` for each pixel, row by row. */
  readonly pixels: Uint32Array;
}

/**
 * The same picture with 256 colours at most, about a third of the bytes. A screen of text has few colours,
 * so nothing is seen to be lost. Reads what Chromium writes: eight bits a channel, not interlaced.
 */
export function toPalettePng(png: Buffer): Buffer {
  const picture = decode(png);
  const palette = choosePalette(picture.pixels);
  return encode(picture, palette, indexOf(palette));
}

const signature = Buffer.from("89504e470d0a1a0a", "hex");

function decode(png: Buffer): Picture {
  const parts: Buffer[] = [];
  for (let at = signature.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const rows = unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels);
  const pixels = new Uint32Array(width * height);
  for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = rows.readUIntBE(pixel * channels, 3);
  return { width, height, pixels };
}

/** Undoes the filters of PNG (RFC 2083 §6): each byte was written as a difference to its neighbours. */
function unfilter(data: Buffer, stride: number, channels: number): Buffer {
  const height = data.length / (stride + 1);
  const rows = Buffer.alloc(stride * height);
  const at = (row: number, x: number): number => (row < 0 || x < 0 ? 0 : (rows[row * stride + x] ?? 0));
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const [left, up, corner] = [at(row, x - channels), at(row - 1, x), at(row - 1, x - channels)];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      rows[row * stride + x] = (data[row * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return rows;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly count: number;
}

/** Median cut: the box with the widest side is halved until there are enough boxes; each gives its mean. */
function choosePalette(pixels: Uint32Array): readonly number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colours = [...counts].map(
    ([pixel, count]): Colour => ({ rgb: [pixel >> 16, (pixel >> 8) & 255, pixel & 255], count }),
  );
  let boxes = [boxOf(colours)];
  while (boxes.length < 256) {
    const widest = boxes.reduce((a, b) => (b.width * Math.sqrt(b.pixels) > a.width * Math.sqrt(a.pixels) ? b : a));
    if (widest.width === 0) break;
    boxes = boxes.flatMap((box) => (box === widest ? halves(box) : [box]));
  }
  return boxes.map(meanOf);
}

interface Box {
  readonly colours: readonly Colour[];
  readonly pixels: number;
  readonly channel: 0 | 1 | 2;
  readonly width: number;
}

function boxOf(colours: readonly Colour[]): Box {
  const widths = ([0, 1, 2] as const).map((channel) => {
    const values = colours.map(({ rgb }) => rgb[channel]);
    const [least, most] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [255, 0]);
    return { channel, width: most - least };
  });
  const widest = widths.reduce((a, b) => (b.width > a.width ? b : a));
  return { colours, pixels: colours.reduce((sum, { count }) => sum + count, 0), ...widest };
}

function halves({ colours, channel }: Box): readonly Box[] {
  const sorted = colours.toSorted((a, b) => a.rgb[channel] - b.rgb[channel]);
  const middle = Math.ceil(sorted.length / 2);
  return [boxOf(sorted.slice(0, middle)), boxOf(sorted.slice(middle))];
}

function meanOf({ colours, pixels }: Box): number {
  const mean = (channel: 0 | 1 | 2): number =>
    Math.round(colours.reduce((sum, { rgb, count }) => sum + rgb[channel] * count, 0) / pixels);
  return (mean(0) << 16) | (mean(1) << 8) | mean(2);
}

function indexOf(palette: readonly number[]): (pixel: number) => number {
  const known = new Map<number, number>();
  const distance = (a: number, b: number): number =>
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  return (pixel) => {
    const found = known.get(pixel);
    if (found !== undefined) return found;
    const distances = palette.map((colour) => distance(pixel, colour));
    const nearest = distances.indexOf(Math.min(...distances));
    known.set(pixel, nearest);
    return nearest;
  };
}

function encode(
  { width, height, pixels }: Picture,
  palette: readonly number[],
  index: (pixel: number) => number,
): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (const [pixel, colour] of pixels.entries())
    rows[Math.floor(pixel / width) * (width + 1) + 1 + (pixel % width)] = index(colour);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.alloc(palette.length * 3);
  for (const [entry, colour] of palette.entries()) colours.writeUIntBE(colour, entry * 3, 3);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

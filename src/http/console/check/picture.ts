/**
 * A file that somebody calls a picture → one that mail clients show: really decoded and written anew, so that nothing but its pixels is kept.
 * Place, camera and whatever was hidden behind the picture go.
 */
import { createHash } from 'node:crypto';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ImageType } from '../../../db/images.ts';

export const mostUploadBytes = 10 * 1024 * 1024;
/** The widest column is 600 px; screens with two dots a pixel show 1200. */
const mostWidth = 1200;
const mostHeight = 6000;
/** A phone's 48 megapixels fit; one picture then takes some 200 MB at most while it is read. */
const mostPixels = 60_000_000;
/** A moving picture above it is a burden on a reader's phone: its first frame stands for it. */
const mostMovingBytes = 3 * 1024 * 1024;
const mostFrames = 300;
const patienceSeconds = 20;

export interface Picture {
  hash: string;
  type: ImageType;
  width: number;
  height: number;
  data: Buffer;
  /** `animated`: it moves, and Outlook on Windows shows its first frame. `stilled`: it moved, and was too large to. */
  note?: 'animated' | 'stilled';
}

export type PictureProblem = 'notPicture' | 'kind' | 'broken' | 'pixels';

/** What the decoder meets is only ever one of these, by their first bytes: not SVG, not PDF, not what else libvips reads. */
const kinds: readonly [format: 'png' | 'jpeg' | 'gif' | 'webp', is: (bytes: Buffer) => boolean][] = [
  ['png', bytes => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['jpeg', bytes => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))],
  ['gif', bytes => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))],
  ['webp', bytes => /^RIFF[\s\S]{4}WEBP$/.test(bytes.toString('latin1', 0, 12))],
];

/** Other pictures, which we say by name that we do not take. */
const otherPicture =
  /^(?:\s*(?:<\?xml[\s\S]*?)?(?:<!--[\s\S]*?-->\s*)?<svg\b|BM|II\*\0|MM\0\*|[\s\S]{4}ftyp(?:avif|heic|heix|mif1))/i;

/** @param bytes at most `mostUploadBytes` */
export async function readPicture(bytes: Buffer): Promise<Picture | PictureProblem> {
  const format = kinds.find(([, is]) => is(bytes))?.[0];
  if (!format) return otherPicture.test(bytes.toString('latin1', 0, 1000)) ? 'kind' : 'notPicture';
  const open = (animated: boolean) =>
    sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', animated, sequentialRead: true }).timeout({
      seconds: patienceSeconds,
    });
  try {
    const about = await open(false).metadata();
    if (about.format !== format) return 'broken';
    if (about.width * about.height > mostPixels) return 'pixels';
    const moves = (about.pages ?? 1) > 1;
    const moving = moves && fits(about) ? await move(open(true)) : undefined;
    if (moving) return { ...moving, note: 'animated' };
    const still = await keepStill(open(false));
    return moves ? { ...still, note: 'stilled' } : still;
  } catch (error) {
    return /pixel limit/i.test(String(error)) ? 'pixels' : 'broken';
  }
}

function fits({ pages = 1, width, height }: Metadata): boolean {
  return pages <= mostFrames && width * height * pages <= mostPixels;
}

/** As GIF, which every client shows: WebP is not for all. */
async function move(picture: Sharp): Promise<Picture | undefined> {
  const made = await picture
    .resize({ width: mostWidth, withoutEnlargement: true })
    .gif({ effort: 4 })
    .toBuffer({ resolveWithObject: true });
  if (made.data.length > mostMovingBytes) return undefined;
  const { width, pageHeight, height } = made.info as typeof made.info & { pageHeight?: number };
  return named(made.data, 'image/gif', width, pageHeight ?? height);
}

/** Photographs are smaller as JPEG, drawings as PNG: whichever it is. One that is seen through stays PNG. */
async function keepStill(picture: Sharp): Promise<Picture> {
  const { data: pixels, info } = await picture
    .autoOrient()
    .resize({ width: mostWidth, height: mostHeight, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const again = () => sharp(pixels, { raw: { width, height, channels } });
  const isClear = channels === 4 || channels === 2 ? !(await again().stats()).isOpaque : false;
  const png = await again().png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
  if (isClear) return named(png, 'image/png', width, height);
  const jpeg = await again().removeAlpha().jpeg({ quality: 82, progressive: true }).toBuffer();
  return jpeg.length < png.length ? named(jpeg, 'image/jpeg', width, height) : named(png, 'image/png', width, height);
}

function named(data: Buffer, type: ImageType, width: number, height: number): Picture {
  return { hash: createHash('sha256').update(data).digest('base64url'), type, width, height, data };
}

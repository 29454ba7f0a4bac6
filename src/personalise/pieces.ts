/** An edition's parts made ready to be filled many times: static runs joined, shared links resolved, tokens numbered. */
import type { Edition, Part } from '../model/edition.ts';
import type { Condition } from '../model/issue.ts';
import type { Reader } from '../model/reader.ts';
import { tokenLength } from '../track/tokens.ts';
import { type Place, resolveLink } from './links.ts';
import type { TokenSheet } from './token-sheet.ts';
import { holds, readerValue } from './values.ts';

/** What a static run became in one state of its encoder. */
interface Encoded {
  bytes: Buffer;
  /** State of the encoder after it. */
  exit: number;
}

export interface Fixed {
  kind: 'fixed';
  text: string;
  bytes: Buffer;
  /** By the state in which an encoder meets the run; filled as states occur. */
  encoded: (Encoded | undefined)[];
}

/** A transfer encoding that takes a body in pieces and yields the same bytes as if it came at once. */
export interface Encoder {
  /** Forgets what came before: a message that failed half-way must leave nothing in the next. */
  begin(): void;
  /** Static text: the outcome may be kept for the next reader. */
  fixed(run: Fixed): void;
  /** A slot's bytes, `from` to `to`. */
  push(bytes: Uint8Array, from: number, to: number): void;
  /** Ends the body with a line break of its own. */
  finish(): void;
}

export type Piece =
  | Fixed
  | { kind: 'token'; number: number }
  /** `fallback` is escaped for its place. */
  | { kind: 'field'; name: string; fallback: string; escape: (value: string) => string }
  | { kind: 'when'; condition: Condition; pieces: Piece[] };

interface Setting {
  edition: Edition;
  place: Place;
  tokens: TokenSheet;
  escape: (value: string) => string;
  /** Cut each static run after its first line break: what follows is encoded the same wherever the run lands (quoted-printable). */
  cut?: boolean;
}

/** RFC 2046 §4.1.1: a line break in text is CRLF. */
export function crlf(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/\r\n|\r|\n/g, '\r\n') : text;
}

export function compile(parts: readonly Part[], setting: Setting): Piece[] {
  const pieces: Piece[] = [];
  let run = '';
  const flush = () => {
    pieces.push(...fixedRuns(crlf(run), setting.cut ?? false));
    run = '';
  };
  const slot = (piece: Piece) => {
    flush();
    pieces.push(piece);
  };
  for (const part of parts) {
    if (typeof part === 'string') run += part;
    else if (part.kind === 'field') {
      const { escape: escapeFor } = setting;
      slot({
        kind: 'field',
        name: part.name,
        fallback: escapeFor(part.fallback.replace(/\s+/g, ' ')),
        escape: escapeFor,
      });
    } else if (part.kind === 'when') {
      slot({ kind: 'when', condition: part.condition, pieces: compile(part.parts, setting) });
    } else {
      const link = resolveLink(part.link, setting.edition, setting.place);
      if (typeof link === 'string') run += setting.escape(link);
      else {
        run += setting.escape(link.before);
        slot({ kind: 'token', number: setting.tokens.number(link.purpose, link.ref) });
        run = setting.escape(link.after);
      }
    }
  }
  flush();
  return pieces;
}

function fixedRuns(text: string, cut: boolean): Fixed[] {
  const at = cut ? text.indexOf('\r\n') + 2 : 0;
  const runs = at > 1 ? [text.slice(0, at), text.slice(at)] : [text];
  return runs.filter(Boolean).map(run => ({ kind: 'fixed', text: run, bytes: Buffer.from(run), encoded: [] }));
}

/** The pieces filled for one reader, before any transfer encoding. The token sheet must have been turned to that reader. */
export function fillText(pieces: readonly Piece[], reader: Reader, tokens: TokenSheet): string {
  let text = '';
  for (const piece of pieces) {
    if (piece.kind === 'fixed') text += piece.text;
    else if (piece.kind === 'token') text += tokens.text(piece.number);
    else if (piece.kind === 'field') text += filled(piece, reader);
    else if (holds(piece.condition, reader)) text += fillText(piece.pieces, reader, tokens);
  }
  return text;
}

/** The pieces filled for one reader, through a transfer encoding. The token sheet must have been turned to that reader. */
export function fillBody(pieces: readonly Piece[], reader: Reader, tokens: TokenSheet, encoder: Encoder): void {
  for (const piece of pieces) {
    if (piece.kind === 'fixed') encoder.fixed(piece);
    else if (piece.kind === 'token') {
      const at = piece.number * tokenLength;
      encoder.push(tokens.sheet(piece.number), at, at + tokenLength);
    } else if (piece.kind === 'field') {
      const bytes = Buffer.from(filled(piece, reader));
      encoder.push(bytes, 0, bytes.length);
    } else if (holds(piece.condition, reader)) fillBody(piece.pieces, reader, tokens, encoder);
  }
}

/** The value of a field slot, escaped for its place. */
function filled(piece: Extract<Piece, { kind: 'field' }>, reader: Reader): string {
  const value = readerValue(reader, piece.name);
  return value === '' ? piece.fallback : piece.escape(value);
}

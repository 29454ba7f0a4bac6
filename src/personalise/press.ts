/**
 * The press: an edition set up once, then filled for one reader after another. No I/O, nothing random, no clock:
 * the same reader twice gives the same bytes.
 */
import { hash } from 'node:crypto';
import { BroadsheetError } from '../errors.ts';
import type { Edition, Part } from '../model/edition.ts';
import type { Publication } from '../model/publication.ts';
import type { Reader } from '../model/reader.ts';
import { leavePath, returnPath, type TokenSigner } from '../track/tokens.ts';
import { hostName, readerMailbox } from './addresses.ts';
import { createSigner, type DkimKeys, type Signer } from './dkim.ts';
import { createHeaders, type HeaderWriter, type Letter } from './headers.ts';
import { compile, type Encoder, fillBody, fillText, type Piece } from './pieces.ts';
import { TokenSheet } from './token-sheet.ts';
import { createEncoder, shorterEncoding } from './transfer.ts';
import { escapeHtml } from './values.ts';
import { Allowance, type Sheet, Wire } from './wire.ts';

/** What a press prints under. */
export interface Imprint {
  publication: Publication;
  issue: { id: number; slug: string; date: Date };
  /** Without a trailing slash. */
  publicUrl: string;
  tokens: TokenSigner;
  dkim?: DkimKeys;
  /** Domain of the return path. Default: the From domain. */
  bounceDomain?: string;
  /** Adds a mailto: to List-Unsubscribe; only when an intake reads what comes to it. Default: false. */
  unsubscribeMailto?: boolean;
  /** Marks the subject as a test. */
  test?: boolean;
  /** A letter in place of an issue, whose id is then 0: its bounces are told by that. */
  letter?: Letter;
}

export interface Message {
  /** Signed return path (rule 3.2), for MAIL FROM. */
  from: string;
  /** One character for each octet. */
  to: string;
  /** Whether `to`, and so the header too, is beyond ASCII: only a relay that offers SMTPUTF8 can carry it (RFC 6531). */
  isInternational: boolean;
  /** With angle brackets. */
  messageId: string;
  /** Ready for the wire: CRLF throughout, no line begins with a dot, ends with CRLF, no terminating dot. */
  raw: Buffer;
  /** Gives the memory of `raw` to a later message, once nothing reads it any more. Not calling it costs time, no more. */
  free(): void;
}

export interface Press {
  /** @throws BroadsheetError ADDRESS_INVALID: exclude this reader */
  message(reader: Reader): Message;
  /**
   * The same bytes; the signatures are made on the thread pool meanwhile (an RSA-2048 one takes 0.27 ms of a core).
   * Rejects with BroadsheetError ADDRESS_INVALID: exclude this reader
   */
  prepare(reader: Reader): Promise<Message>;
  /** The HTML part as the message carries it, decoded (CRLF): its UTF-8 length is what rule 1.8 counts. */
  html(reader: Reader): string;
  /** The text part, decoded. */
  text(reader: Reader): string;
  /** The subject, as it is before it is encoded. */
  subject(reader: Reader): string;
}

/** Encoded static text that a press keeps. A 150 KB issue takes 215 KB per phase of base64, of which names make about twenty. */
const keptBytes = 8 * 1024 * 1024;
const maxPublicUrl = 500;

/**
 * Sets up an edition for its readers.
 * @throws BroadsheetError DKIM_INVALID when d= does not align with From; CONFIG_INVALID, ADDRESS_INVALID for the sender's own names
 */
export function createPress(edition: Edition, imprint: Imprint): Press {
  if (imprint.publicUrl.length > maxPublicUrl)
    throw new BroadsheetError('CONFIG_INVALID', 'PUBLIC_URL is too long for a header line');
  return new EditionPress(edition, imprint);
}

interface BodyPart {
  /** Boundary and header of the part. */
  head: Buffer;
  pieces: Piece[];
  encoder: Encoder;
}

interface Draft extends Pick<Message, 'from' | 'to' | 'isInternational' | 'messageId'> {
  fields: string[];
  sheet: Sheet;
}

class EditionPress implements Press {
  readonly #tokens: TokenSheet;
  readonly #wire = new Wire();
  readonly #allowance = new Allowance(keptBytes);
  readonly #subject: Piece[];
  /** Of a trial, by variant. */
  readonly #subjects: Piece[][];
  readonly #text: BodyPart;
  readonly #html: BodyPart;
  readonly #end: Buffer;
  readonly #headers: HeaderWriter;
  readonly #signer: Signer | undefined;
  readonly #bounceDomain: string;
  /** Undefined: a letter. */
  readonly #unsubscribe: Piece[] | undefined;
  readonly #letter: Letter | undefined;
  readonly #hasMailto: boolean;

  constructor(edition: Edition, imprint: Imprint) {
    const { publication, issue, publicUrl } = imprint;
    this.#tokens = new TokenSheet(imprint.tokens, issue.id);
    const setting = { edition, place: { publication, issue, publicUrl }, tokens: this.#tokens };
    this.#subject = compile(edition.subject, { ...setting, escape: asIs });
    this.#subjects = (edition.subjects ?? []).map(parts => compile(parts, { ...setting, escape: asIs }));
    // `=_` cannot occur in quoted-printable, `_` not in base64: no body holds its boundary.
    const boundary = `=_${hash('sha256', `broadsheet boundary ${publication.slug} ${issue.id}`, 'hex').slice(0, 24)}`;
    this.#letter = imprint.letter;
    const part = (type: string, parts: Part[], escapeFor: (value: string) => string): BodyPart => {
      const encoding = shorterEncoding(parts);
      const head = `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
      return {
        head: Buffer.from(head, 'latin1'),
        pieces: compile(parts, { ...setting, escape: escapeFor, cut: encoding === 'quoted-printable' }),
        encoder: createEncoder(encoding, this.#wire, this.#allowance),
      };
    };
    this.#text = part('text/plain', edition.text, asIs);
    this.#html = part('text/html', edition.html, escapeHtml);
    this.#end = Buffer.from(`--${boundary}--\r\n`, 'latin1');
    this.#headers = createHeaders({
      publication,
      issue,
      lang: edition.lang,
      letter: imprint.letter,
      test: imprint.test ?? false,
      boundary,
    });
    const { fromDomain } = this.#headers;
    this.#signer = imprint.dkim && createSigner(imprint.dkim, fromDomain, issue.date);
    this.#bounceDomain = bounceDomainOf(imprint.bounceDomain) ?? fromDomain;
    this.#hasMailto = imprint.unsubscribeMailto ?? false;
    this.#unsubscribe = imprint.letter
      ? undefined
      : compile([{ kind: 'link', link: { to: 'unsubscribe' } }], { ...setting, escape: asIs });
  }

  message(reader: Reader): Message {
    const draft = this.#draft(reader);
    return headed(draft, this.#signer?.sign(draft.fields, draft.sheet.body) ?? []);
  }

  async prepare(reader: Reader): Promise<Message> {
    const draft = this.#draft(reader);
    return headed(draft, (await this.#signer?.signMeanwhile(draft.fields, draft.sheet.body)) ?? []);
  }

  /** All of a message but its signatures. */
  #draft(reader: Reader): Draft {
    const { octets: to, isInternational } = readerMailbox(reader.email);
    this.#tokens.turnTo(reader.subscriberId);
    const sheet = this.#body(reader);
    const fields = this.#headers.fields({
      subscriberId: reader.subscriberId,
      name: reader.name,
      address: to,
      subject: fillText(this.#subjects[(reader.variant ?? 0) - 1] ?? this.#subject, reader, this.#tokens),
      unsubscribeUrl: this.#unsubscribe ? fillText(this.#unsubscribe, reader, this.#tokens) : this.#letter?.unsubscribe,
      unsubscribeMailbox:
        this.#hasMailto && this.#unsubscribe ? `${leavePath(this.#tokens.leave())}@${this.#bounceDomain}` : undefined,
    });
    const from = `${returnPath(this.#tokens.bounce())}@${this.#bounceDomain}`;
    return { from, to, isInternational, messageId: this.#headers.messageId(reader.subscriberId), fields, sheet };
  }

  html(reader: Reader): string {
    this.#tokens.turnTo(reader.subscriberId);
    return fillText(this.#html.pieces, reader, this.#tokens);
  }

  text(reader: Reader): string {
    this.#tokens.turnTo(reader.subscriberId);
    return fillText(this.#text.pieces, reader, this.#tokens);
  }

  subject(reader: Reader): string {
    return fillText(this.#subject, reader, this.#tokens);
  }

  #body(reader: Reader): Sheet {
    this.#wire.begin();
    for (const part of [this.#text, this.#html]) {
      this.#wire.append(part.head);
      part.encoder.begin();
      fillBody(part.pieces, reader, this.#tokens, part.encoder);
      part.encoder.finish();
    }
    this.#wire.append(this.#end);
    return this.#wire.end();
  }
}

function headed({ fields, sheet, ...draft }: Draft, signatures: string[]): Message {
  const raw = sheet.under(`${[...signatures, ...fields].join('\r\n')}\r\n\r\n`);
  return { ...draft, raw, free: sheet.free };
}

function bounceDomainOf(domain: string | undefined): string | undefined {
  if (domain === undefined) return undefined;
  const host = hostName(domain);
  if (!host) throw new BroadsheetError('CONFIG_INVALID', `BOUNCE_DOMAIN "${domain}" is not a domain name`);
  return host;
}

function asIs(value: string): string {
  return value;
}

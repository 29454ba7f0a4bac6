/** From the wire's bytes to text (RFC 2045 §6, RFC 2047). Wrong encodings give wrong letters, never an error. */

/** Names that servers write and the Encoding Standard does not know. */
const otherNames: Record<string, string> = {
  cp949: 'euc-kr',
  'ks_c_5601-1992': 'euc-kr',
  'x-euc-jp': 'euc-jp',
  cp932: 'shift_jis',
};

/** @param body octets as latin1 characters */
export function decodeBody(body: string, encoding: string, charset: string): string {
  return decodeCharset(undoTransfer(body, encoding), charset);
}

function undoTransfer(body: string, encoding: string): Buffer {
  if (/^base64/.test(encoding)) return Buffer.from(body, 'base64');
  if (!/^quoted-printable/.test(encoding)) return Buffer.from(body, 'latin1');
  return unquote(body.replace(/=[ \t]*\n/g, ''));
}

function unquote(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function decodeCharset(bytes: Buffer, charset: string): string {
  const name = charset.toLowerCase();
  if (name === 'latin1') return bytes.toString('latin1');
  // A missing or plain name says nothing when the octets are beyond ASCII: UTF-8 proves itself, then Korean.
  const isVague = name === '' || name === 'us-ascii' || name === 'ascii' || name === 'unknown-8bit';
  for (const label of isVague ? ['utf-8', 'euc-kr'] : [otherNames[name] ?? name]) {
    try {
      return new TextDecoder(label, { fatal: isVague }).decode(bytes);
    } catch {
      // Not this one.
    }
  }
  return bytes.toString('latin1');
}

/** RFC 2047 encoded words in a field's value. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return decodeRaw(value);
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(
      /=\?([\w-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]{0,2000})\?=/gi,
      (_, charset: string, how: string, text: string) =>
        how.toLowerCase() === 'b'
          ? decodeCharset(Buffer.from(text, 'base64'), charset)
          : decodeCharset(unquote(text.replace(/_/g, ' ')), charset),
    );
}

function decodeRaw(value: string): string {
  return /[\x80-\xff]/.test(value) ? decodeCharset(Buffer.from(value, 'latin1'), '') : value;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Good enough to find addresses and reasons; never shown. */
export function htmlToText(html: string): string {
  return html
    .replace(/<(style|script|head)\b[^>]{0,500}>[\s\S]{0,4000}?<\/\1>/gi, '')
    .replace(/<(?:br|\/?p|\/?div|\/?tr|\/?li|\/?h\d|\/?table)\b[^>]{0,500}>/gi, '\n')
    .replace(/<\/?[a-z!][^>@]{0,500}>/gi, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => entities[name]!)
    .replace(/&#(\d{2,6});/g, (whole, code: string) =>
      Number(code) < 0x110000 ? String.fromCodePoint(Number(code)) : whole,
    );
}

/** A relay's replies out of the bytes it sends, however they are cut (RFC 5321 §4.2). */

/** Bytes of one reply, all its lines. §4.5.3.1.5 allows 512 a line; a relay that never ends one must not fill memory. */
export const maxReplyBytes = 16 * 1024;

const lf = 10;
const cr = 13;

export class ReplyReader {
  /** A line begun and not yet ended. */
  #rest: Buffer = Buffer.alloc(0);
  /** Lines of a reply whose last line has not come. */
  #lines: string[] = [];
  #lineBytes = 0;

  /**
   * Hands on each reply that is now complete, its lines joined by `\n`.
   * @throws Error when what came is no reply, or one without end; replies before it were handed on
   */
  push(chunk: Buffer, onReply: (reply: string) => void): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let from = 0;
    for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, from)) {
      this.#line(bytes, from, at > from && bytes[at - 1] === cr ? at - 1 : at, onReply);
      from = at + 1;
    }
    this.#rest = bytes.subarray(from);
    if (this.#lineBytes + this.#rest.length > maxReplyBytes) throw new Error('the relay sends a reply without end');
  }

  /** The reply that a relay was giving when it closed the connection: only a refusal is told from its first characters alone. */
  refusalLeft(): string | undefined {
    const text = [...this.#lines, this.#rest.toString()].filter(Boolean).join('\n');
    return /^[45]\d\d[ -]/.test(text) ? text : undefined;
  }

  #line(bytes: Buffer, from: number, to: number, onReply: (reply: string) => void): void {
    const line = bytes.toString('utf8', from, to);
    // All lines of a reply bear one code (§4.2.1): else it does not say whether the message was taken.
    if (
      !/^[2-5]\d\d(?:[ -]|$)/.test(line) ||
      (this.#lines.length > 0 && !line.startsWith(this.#lines[0]!.slice(0, 3)))
    ) {
      throw new Error(`the relay's words are no SMTP reply: ${line.slice(0, 60)}`);
    }
    this.#lines.push(line);
    this.#lineBytes += to - from;
    if (this.#lineBytes > maxReplyBytes) throw new Error('the relay sends a reply without end');
    if (line[3] === '-') return;
    const reply = this.#lines.length === 1 ? line : this.#lines.join('\n');
    this.#lines = [];
    this.#lineBytes = 0;
    onReply(reply);
  }
}

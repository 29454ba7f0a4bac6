/** A mail as an SMTP server hands it on, whole. */

/** smtp-server's stream: `sizeExceeded` when more came than the server takes. */
type MailStream = NodeJS.ReadableStream & { sizeExceeded: boolean };

/** @returns undefined when the mail is larger than `maxBytes`; the rest of it is read and dropped, as SMTP asks */
export async function readMailStream(stream: MailStream, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) chunks.length = 0;
    else chunks.push(chunk);
  }
  return stream.sizeExceeded || bytes > maxBytes ? undefined : Buffer.concat(chunks);
}

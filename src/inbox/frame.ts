/**
 * The document inside the preview frame: a mail's HTML as it came, with its own pictures.
 * Nothing in it runs: the frame is sandboxed without `allow-scripts`, and the document's own policy says the same when it is opened alone.
 */
import { forFrame } from '../http/mail-frame.ts';
import type { Mail } from './mail.ts';

export interface FrameOptions {
  /** What `prefers-color-scheme` shall say. */
  scheme: 'light' | 'dark';
  /** Pictures from the network tell their server that the mail was opened: only when asked for. */
  remoteImages: boolean;
}

export const frameSandbox = 'allow-popups allow-popups-to-escape-sandbox';

/** Content-Security-Policy of the document in the frame. */
export function framePolicy(options: FrameOptions): string {
  const images = options.remoteImages ? 'data: http: https:' : 'data:';
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src ${images}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    `sandbox ${frameSandbox}`,
  ].join('; ');
}

const pictureTypes = /^image\/(png|jpeg|gif|webp)$/;

/** @returns the HTML for the frame, to be sent as UTF-8 */
export function frameDocument(mail: Mail, options: FrameOptions): string {
  const html = (mail.html ?? '').replace(/\bcid:([^'"\s)>]{1,256})/gi, (whole, cid: string) => {
    const part = mail.attachments.find(attachment => attachment.cid === cid);
    return part && pictureTypes.test(part.type) ? `data:${part.type};base64,${part.content.toString('base64')}` : whole;
  });
  return forFrame(html, options.scheme);
}

/** Whether the mail has pictures that the network would have to bring. */
export function hasRemoteImages(html: string): boolean {
  return /<img\b[^>]{0,1000}\bsrc\s*=\s*["']?(https?:)?\/\/|url\(["']?https?:|\bbackground\s*=\s*["']?https?:/i.test(
    html,
  );
}

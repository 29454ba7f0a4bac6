/** A mail's HTML changed only where a frame of ours differs from a mail program. */

/** @param scheme what `prefers-color-scheme` shall say */
export function forFrame(mail: string, scheme: 'light' | 'dark'): string {
  // Browsers let a frame follow the system, not our switch; so the question is answered here.
  let html = mail.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_, asked: string) =>
    asked.toLowerCase() === scheme ? '(min-width: 0)' : '(max-width: 0)',
  );
  // Links leave the frame, but for jumps within the mail. (The bound keeps a hostile mail of a million `<a` from costing minutes.)
  html = html.replace(/<a(?=\s[^>]{0,1000}?\bhref\s*=\s*["']?#)/gi, '<a target="_self"');
  const type = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? '';
  return `${type}<base target="_blank">${html.slice(type.length)}`;
}

/** The issue as it arrives, with a number after each tracked link: how many people followed it. */
import type { Edition, Part } from '../../../model/edition.ts';
import { escapeHtml } from '../../../personalise/values.ts';

/** Stands where a tracked link leads: nothing is followed from this picture of the mail. */
const mark = 'clicks-on-';

/** @param people readers who followed each link, by its number @param most of them, for the strength of the tint */
export function clicksOnHtml(edition: Edition, people: ReadonlyMap<number, number>, lang: string): string {
  const most = Math.max(1, ...people.values());
  const html = plain(edition.html);
  // Our own template writes links without another in them.
  return html
    .replace(
      new RegExp(`<a\\b([^>]*)href="#${mark}(\\d+)"([^>]*)>([\\s\\S]*?)</a>`, 'g'),
      (_, before, ref, after, text) => {
        const n = people.get(Number(ref)) ?? 0;
        const ground = `rgba(150,50,31,${(0.15 + 0.85 * (n / most)).toFixed(2)})`;
        const ink = n / most > 0.45 ? '#fff' : '#1f2328';
        const badge = `<span style="display:inline-block;margin-left:4px;padding:0 6px;border-radius:9px;background:${n === 0 ? '#d8d4ca' : ground};color:${n === 0 ? '#1f2328' : ink};font:600 12px/18px sans-serif;vertical-align:middle">${n.toLocaleString(lang)}</span>`;
        return `<a${before}${after}>${text}</a>${badge}`;
      },
    )
    .replace(/<a\b([^>]*)href="#other"([^>]*)>/g, '<a$1$2>');
}

function plain(parts: readonly Part[]): string {
  return parts
    .map(part => {
      if (typeof part === 'string') return part;
      if (part.kind === 'field') return escapeHtml(part.fallback);
      if (part.kind === 'link') return part.link.to === 'click' ? `#${mark}${part.link.ref}` : '#other';
      return part.condition.op === 'absent' ? plain(part.parts) : '';
    })
    .join('');
}

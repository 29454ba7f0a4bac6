/** A post of another system's export, as it stands there. */

export interface PastPost {
  /** Small letters, digits and hyphens. */
  slug: string;
  title: string;
  /** Empty when it has none. */
  subtitle: string;
  publishedAt: Date;
  html: string;
}

/** `skip`: rightly left out, and why; `problem`: cannot be used. `line` is that of a table, 0 when there is none. */
export type ReadPost = { file: string; line: number } & ({ post: PastPost } | { skip: string } | { problem: string });

/** What a slug may be here (as the front matter's); `fallback` when nothing of it is left. */
export function slugOf(text: string, fallback: string): string {
  const plain = (from: string) =>
    from
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-+|-+$/g, '');
  const slug = plain(text);
  // A slug of digits only would be taken for an issue's id.
  if (/[a-z-]/.test(slug)) return slug;
  return plain(`post-${slug || fallback}`);
}

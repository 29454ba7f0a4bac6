/** Pages for what cannot be answered: each says what it means and what to do, none says what is inside. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { browserLanguage, sendPage } from './page.tsx';
import { words } from './words.ts';

/** The same for an unknown path and every kind of wrong token. */
export function missingPage(c: Context, base: string) {
  const lang = browserLanguage(c);
  const text = words[lang].missing;
  const content = (
    <Refusal title={text.title} body={text.body}>
      <p class="quiet">
        <a href={`${base}/`}>{text.home}</a>
      </p>
    </Refusal>
  );
  return sendPage(c, { title: text.title, lang, base, status: 404 }, content);
}

/** @param id the number under which the log has the reason */
export function failedPage(c: Context, base: string, id: string, status: ContentfulStatusCode = 500) {
  const lang = browserLanguage(c);
  const text = words[lang].failed;
  const content = (
    <Refusal title={text.title} body={text.body}>
      <p class="quiet">{text.number(id)}</p>
    </Refusal>
  );
  c.header('retry-after', '60');
  return sendPage(c, { title: text.title, lang, base, status }, content);
}

/** For a method that the address does not take (405) and a body that is too large (413). */
export function refusedPage(c: Context, base: string, why: 'method' | 'tooLarge') {
  const lang = browserLanguage(c);
  const { title, body } = words[lang][why];
  return sendPage(
    c,
    { title, lang, base, status: why === 'method' ? 405 : 413 },
    <Refusal title={title} body={body} />,
  );
}

function Refusal({ title, body, children }: { title: string; body: string; children?: unknown }) {
  return (
    <div class="sheet">
      <h1>{title}</h1>
      <p>{body}</p>
      {children as never}
    </div>
  );
}

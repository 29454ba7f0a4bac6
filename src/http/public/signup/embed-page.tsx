/** GET `/p/:slug/embed`: both forms for other sites, to copy. */
import { sendPage } from '../page.tsx';
import { SignUpPanel } from './form.tsx';
import { closedPage, type Here } from './pages.tsx';
import { signUpWords } from './words.ts';

/** @param origin of PUBLIC_URL with its path, without a trailing slash */
export function embedPage(here: Here, origin: string) {
  const { c, site, stored, lang } = here;
  const { publication } = stored;
  if (!publication.signup.open) return closedPage(here);
  const words = signUpWords[lang];
  const text = words.embed;
  const title = text.title(publication.name);
  const query = lang === publication.language ? '' : `?lang=${lang}`;
  const address = `${origin}/p/${publication.slug}`;
  const script = `<script async src="${address}/embed.js${query}"></script>`;
  const html = [
    `<form action="${address}/subscribe${query}" method="post" target="_blank">`,
    `  <label>${words.email} <input type="email" name="email" required></label>`,
    `  <button>${words.button}</button>`,
    '</form>',
  ].join('\n');
  const content = (
    <>
      <h1>{title}</h1>
      <p>{text.lead}</p>
      <section class="part">
        <h2>
          <label for="script">{text.script}</label>
        </h2>
        <p class="quiet">{text.scriptBody}</p>
        <textarea class="snippet" id="script" rows={3} readonly spellcheck={false}>
          {script}
        </textarea>
      </section>
      <section class="part">
        <h2>
          <label for="html">{text.html}</label>
        </h2>
        <p class="quiet">{text.htmlBody}</p>
        <textarea class="snippet" id="html" rows={6} readonly spellcheck={false}>
          {html}
        </textarea>
      </section>
      <section class="part">
        <h2>{text.look}</h2>
        <SignUpPanel site={site} stored={stored} lang={lang} />
      </section>
    </>
  );
  return sendPage(c, { title, lang, base: site.base, publication }, content);
}

/** /console/manuscripts/:id: the text on the left, the e-mail on the right, what helps to write beside them. */
import type { Manuscript } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import type { Publication } from '../../../model/publication.ts';
import { Icon } from '../../icons.tsx';
import type { ComposePage } from '../client/compose/types.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { styleNonce } from '../guard.ts';
import { Desk, Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, page } from '../routes.ts';
import { scriptJson } from './history.tsx';
import { isOpen, manuscriptOf } from './manuscript.ts';
import { Panels, Tabs } from './panels.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { type WriteWords, writeWords } from './words.ts';

export const composerRoutes: ConsoleRoute[] = [
  page('/manuscripts/:id', 'write', async (c, site) => {
    const words = writeWords(c.get('language'));
    const manuscript = await manuscriptOf(c, site);
    if (!manuscript) return refusedPage(c, site, words.missing, 404);
    const publication = await getPublication(site.wiring.sql, manuscript.publicationId);
    return isOpen(manuscript) ? composer(c, site, manuscript, publication) : closedPage(c, site, manuscript);
  }),
];

function composer(c: ConsoleContext, site: Console, manuscript: Manuscript, publication: Publication) {
  const words = writeWords(c.get('language'));
  const url = `${site.base}/console/manuscripts/${manuscript.id}`;
  const said = words.said[c.req.query('said') ?? ''];
  const title = manuscript.title || words.untitled;
  const data: ComposePage = {
    id: manuscript.id,
    url,
    version: manuscript.version,
    updatedAt: manuscript.updatedAt.toISOString(),
    staff: c.get('staff').id,
    publicationLanguage: publication.language,
    language: c.get('language'),
    timeZone: publication.timeZone,
    nonce: styleNonce(c),
    words: words.client as unknown as ComposePage['words'],
  };
  return sendPage(
    c,
    <Desk c={c} site={site} title={title} place="issues" scripts={['compose']} wide>
      <div class="w-compose" id="compose" data-view="text" data-panel="outline">
        <div class="w-top">
          <a
            class="button w-quiet"
            href={`${site.base}/console/manuscripts`}
            aria-label={words.back}
            title={words.back}
          >
            <Icon name="back" />
          </a>
          <div class="w-name">
            <h1 id="w-title">
              <bdi>{title}</bdi>
            </h1>
            <small class="quiet">
              <bdi>{publication.name}</bdi>
            </small>
          </div>
          <p id="w-state" class="w-state small quiet" role="status">
            {said}
          </p>
          <div class="w-acts">
            <button
              type="button"
              class="w-quiet w-live"
              id="w-keys"
              aria-label={words.shortcuts}
              title={words.shortcuts}
            >
              <Icon name="keyboard" />
            </button>
            <a class="button w-quiet" href={`${url}/history`} aria-label={words.history} title={words.history}>
              <Icon name="history" />
            </a>
            <a class="button" href={`${url}/check`}>
              <Icon name="checks" />
              {words.check}
            </a>
            <a class="button w-main" href={`${url}/send`}>
              <Icon name="send" />
              {words.send}
            </a>
          </div>
        </div>
        <div id="w-banner" class="w-banner" role="alert" hidden />
        <Tabs words={words} />
        <div class="w-body">
          <Panels words={words} />
          <TextPane c={c} site={site} words={words} manuscript={manuscript} url={url} />
          <PreviewPane words={words} url={url} />
        </div>
        <div id="w-toast" class="w-toast" role="status" />
        <Shortcuts words={words} />
        <dialog id="w-decide" class="w-dialog w-decide" aria-labelledby="w-decide-title" />
      </div>
      <script type="application/json" id="compose-page">
        {scriptJson(data)}
      </script>
    </Desk>,
  );
}

function TextPane({
  c,
  site,
  words,
  manuscript,
  url,
}: {
  c: ConsoleContext;
  site: Console;
  words: WriteWords;
  manuscript: Manuscript;
  url: string;
}) {
  return (
    <section class="w-text" aria-label={words.text}>
      <div class="w-tools w-live">
        <details class="w-menu" id="w-insert">
          <summary class="button">
            <Icon name="add" />
            {words.insert}
          </summary>
          <div class="sheet" id="w-snippets" />
        </details>
        <button type="button" class="w-quiet" id="w-bold" aria-label={words.bold} title={`${words.bold} (Ctrl+B)`}>
          <Icon name="bold" />
        </button>
        <button type="button" class="w-quiet" id="w-link" aria-label={words.link} title={`${words.link} (Ctrl+K)`}>
          <Icon name="link" />
        </button>
      </div>
      <form class="w-form" id="w-form" method="post" enctype="multipart/form-data" action={url}>
        <Token c={c} site={site} />
        <input type="hidden" name="version" value={String(manuscript.version)} />
        <label class="hidden" for="source">
          {words.textLabel}
        </label>
        <textarea id="source" name="source" rows={30} autocomplete="off" spellcheck={false}>
          {`\n${manuscript.source}`}
        </textarea>
        <noscript>
          <p class="quiet small">{words.noscript}</p>
        </noscript>
        <div class="buttons">
          <button class="main" type="submit">
            {words.save}
          </button>
          <a class="button" href={`${url}/preview`}>
            {words.preview}
          </a>
        </div>
      </form>
      <div id="editor" class="w-editor" data-label={words.textLabel} />
    </section>
  );
}

function Shortcuts({ words }: { words: WriteWords }) {
  return (
    <dialog id="w-shortcuts" class="w-dialog" aria-labelledby="w-shortcuts-title">
      <h2 id="w-shortcuts-title">{words.shortcuts}</h2>
      <dl>
        {words.client.shortcuts.map(([keys, what]) => (
          <div>
            <dt>
              {keys.split(' ').map(key => (
                <kbd>{key.replace('Mod', 'Ctrl')}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">{words.client.close}</button>
      </form>
    </dialog>
  );
}

/** A text that became an issue, or was thrown away: to be read, and taken back. */
function closedPage(c: ConsoleContext, site: Console, manuscript: Manuscript) {
  const words = writeWords(c.get('language'));
  const title = manuscript.title || words.untitled;
  return sendPage(
    c,
    <Desk c={c} site={site} title={title} place="issues">
      <div class="head">
        <h1>
          <bdi>{title}</bdi>
        </h1>
        <a class="button" href={`${site.base}/console/manuscripts`}>
          {words.back}
        </a>
      </div>
      {manuscript.issueId !== null ? (
        <>
          <Message>{words.closed}</Message>
          <p class="after">
            <a class="button" href={`${site.base}/console/issues/${manuscript.issueId}`}>
              {words.toIssue}
            </a>
          </p>
        </>
      ) : (
        <form class="said w-thrown" method="post" action={`${site.base}/console/manuscripts/${manuscript.id}/back`}>
          <Token c={c} site={site} />
          <span>{words.gone}</span>
          <button type="submit">{words.takeBack}</button>
        </form>
      )}
      <pre class="w-plain sheet after">{manuscript.source}</pre>
    </Desk>,
  );
}

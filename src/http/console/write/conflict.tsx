/** Two texts of one manuscript, without a script: the editor puts them together. */
import type { Manuscript } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, Message, sendPage, Token } from '../layout.tsx';
import { timeIn } from '../time.ts';
import { isOpen } from './manuscript.ts';
import { writeWords } from './words.ts';

export async function conflictPage(c: ConsoleContext, site: Console, now: Manuscript, mine: string) {
  const words = writeWords(c.get('language'));
  const { timeZone } = await getPublication(site.wiring.sql, now.publicationId);
  const when = timeIn(now.updatedAt, c.get('language'), timeZone, { dateStyle: 'medium', timeStyle: 'long' });
  const why = now.issueId !== null ? words.closed : now.deletedAt !== null ? words.gone : undefined;
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.conflictTitle} place="issues">
      <h1>{words.conflictTitle}</h1>
      <Message>{why ?? words.conflictText(now.updatedBy ?? words.nobody, when)}</Message>
      <form
        class="form after w-conflict-page"
        method="post"
        enctype="multipart/form-data"
        action={`${site.base}/console/manuscripts/${now.id}`}
      >
        <Token c={c} site={site} />
        <input type="hidden" name="version" value={String(now.version)} />
        <input type="hidden" name="keep" value="1" />
        <label for="mine">{words.yours}</label>
        <textarea id="mine" name="source" rows={20} spellcheck={false}>
          {`\n${mine}`}
        </textarea>
        {isOpen(now) && (
          <button class="main" type="submit">
            {words.save}
          </button>
        )}
        <label for="theirs">{words.theirs}</label>
        <textarea id="theirs" rows={20} readonly spellcheck={false}>
          {`\n${now.source}`}
        </textarea>
      </form>
    </Desk>,
    409,
  );
}

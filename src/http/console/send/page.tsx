/** /console/manuscripts/:id/send: to whom, when, what; and what can be tried before. */
import { Icon } from '../../icons.tsx';
import { parseRowId } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage, Token } from '../layout.tsx';
import { askedFor } from './asked.ts';
import { AudienceStep, Count, changed, openPicker, type Picker } from './audience.tsx';
import { openDesk } from './desk.ts';
import { RehearsalCard } from './rehearsal.tsx';
import { TestMail } from './test-mail.tsx';
import { findingsOf, isBlocked } from './text.ts';
import { TrialStep } from './trial.tsx';
import { WhatStep } from './what.tsx';
import { WhenStep } from './when.tsx';
import { queryOf, wishOf } from './wish.ts';

export async function sendingPage(c: ConsoleContext, site: Console) {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const { manuscript, publication, words, here, editor } = desk;
  const search = new URL(c.req.url).searchParams;
  const wish = changed(wishOf(search), search);
  const asked = await askedFor(site, desk, wish);
  // What a trial's subjects lack is told where they are written; it must not take the way to mend them.
  const { plain: prepared, at } = asked;
  const [findings, picker] = await Promise.all([
    findingsOf(site.wiring, manuscript.publicationId, publication, prepared, at, c.get('language')),
    openPicker(site, desk, wish),
  ]);
  return sendPage(
    c,
    <Desk c={c} site={site} title={`${words.title}: ${prepared.issue.title}`} place="issues" scripts={['send']}>
      <p class="small">
        <a href={editor} class="send-back">
          <Icon name="back" /> {words.back}
        </a>
      </p>
      <div class="head">
        <h1>
          {words.title}: <bdi>{prepared.issue.title}</bdi>
        </h1>
        <span class="quiet">{publication.name}</span>
      </div>
      {search.has('saved') && (
        <p class="said" role="status">
          {words.segmentSaved}
        </p>
      )}
      <div class="send-columns">
        <div class="send-steps">
          <form id="send-form" method="get" action={`${here}/confirm`}>
            <AudienceStep picker={picker} count={<Count c={c} site={site} picker={picker} />} />
            <WhenStep desk={desk} wish={wish} />
            <TrialStep site={site} picker={picker} asked={asked} />
            <noscript>
              <button type="submit" formaction={here}>
                {words.update}
              </button>
            </noscript>
          </form>
          <WhatStep desk={desk} prepared={prepared} findings={findings} />
          {!isBlocked(findings) && (
            <p class="send-next">
              <button type="submit" class="main" form="send-form">
                {words.toConfirm}
              </button>
            </p>
          )}
        </div>
        <aside class="send-try" aria-label={words.tryTitle}>
          <TestMail c={c} site={site} desk={desk} wish={wish} issueId={parseRowId(search.get('test') ?? undefined)} />
          <RehearsalCard c={c} site={site} desk={desk} wish={wish} />
          <SaveRule c={c} site={site} picker={picker} />
        </aside>
      </div>
    </Desk>,
  );
}

function SaveRule({ c, site, picker }: { c: ConsoleContext; site: Console; picker: Picker }) {
  const { words, editor } = picker.desk;
  return (
    <section id="send-save" class="sheet send-step" aria-labelledby="send-save-title">
      <h2 id="send-save-title">{words.saveAs}</h2>
      <form method="post" action={`${editor}/segment`}>
        <Token c={c} site={site} />
        <input type="hidden" name="wish" value={queryOf(picker.wish)} data-wish />
        <div class="field">
          <label for="send-save-name">{words.saveName}</label>
          <input id="send-save-name" name="name" maxlength={200} required />
        </div>
        <button type="submit">{words.save}</button>
      </form>
    </section>
  );
}

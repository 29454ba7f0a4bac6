/**
 * The last page before a send: how many, what, when; and one deliberate act, to type the number of readers. It needs no script, and no key or
 * click that was meant for something else does it.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertAudit } from '../../../db/audit.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, Message, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, page, posted } from '../routes.ts';
import { askedFor } from './asked.ts';
import { openPicker, sentence, soFar } from './audience.tsx';
import { countOn } from './count.ts';
import { openDesk, type SendDesk } from './desk.ts';
import { sendManuscript } from './sending.ts';
import { type Finding, findingsOf, isBlocked } from './text.ts';
import { TrialInWords } from './trial.tsx';
import { Findings, Letterhead } from './what.tsx';
import { Time } from './when.tsx';
import { audienceOf, localOf, markOf, queryOf, startOf, type Wish, wishOf } from './wish.ts';

/** A count that takes longer is not waited for: the number is said as the least. */
const patienceMs = 8000;

export const confirmRoutes: ConsoleRoute[] = [
  page('/manuscripts/:id/send/confirm', 'write', async (c, site) => {
    const desk = await openDesk(c, site);
    if (desk instanceof Response) return desk;
    return show(c, site, desk, wishOf(new URL(c.req.url).searchParams));
  }),
  posted(
    '/manuscripts/:id/send',
    'write',
    {
      wish: z.string().max(20_000),
      version: z.coerce.number().int().positive(),
      request: z.uuid(),
      audience: z.string().max(100),
      number: z.string().regex(/^\d{1,12}$/),
      typed: z.string().max(40),
      warnings: z.coerce.number().int().min(0).max(100_000),
      seen: z.string().max(10).optional(),
    },
    press,
  ),
];

interface Form {
  wish: string;
  version: number;
  request: string;
  audience: string;
  /** Of readers, as the page told it. */
  number: string;
  typed: string;
  /** How many the page told of. */
  warnings: number;
  seen?: string | undefined;
}

async function press(c: ConsoleContext, site: Console, form: Form): Promise<Response> {
  const desk = await openDesk(c, site);
  // It has become an issue: pressed twice.
  if (desk instanceof Response) return desk;
  const { manuscript, publication, words, here } = desk;
  const wish = wishOf(new URLSearchParams(form.wish));
  const again = (problem: string) => show(c, site, desk, wish, problem);
  if (manuscript.version !== form.version) return again(words.changed(manuscript.updatedBy ?? words.somebody));
  const audience = await audienceOf(site.wiring.sql, manuscript.publicationId, publication.timeZone, wish);
  const { moment, trial, at, prepared } = await askedFor(site, desk, wish);
  if (audience.problem || moment.problem || trial.problem) return c.redirect(`${here}?${queryOf(wish)}`, 303);
  if (markOf(audience.rule) !== form.audience) return again(words.audienceChanged);
  if (form.typed.replace(/[\s,.’']/g, '') !== form.number) return again(words.wrongNumber(shown(form.number, c)));
  const findings = await findingsOf(
    site.wiring,
    manuscript.publicationId,
    publication,
    prepared,
    at,
    c.get('language'),
  );
  const warnings = warningsOf(findings);
  if (isBlocked(findings)) return again(words.blocked);
  if (warnings.length > form.warnings || (warnings.length > 0 && form.seen !== '1')) return again(words.tickFirst);
  const done = await sendManuscript(site.wiring, {
    manuscript,
    prepared,
    audience: audience.rule,
    start: moment.start,
    trial: trial.trial,
    requestId: form.request,
  });
  if (!done) return again(words.changed(words.somebody));
  const issue = `${site.base}/console/issues/${done.id}`;
  if (!done.isMine) return c.redirect(issue, 303);
  const isScheduled = startOf(moment) !== null;
  await insertAudit(site.wiring.sql, c.get('staff'), {
    act: isScheduled ? 'manuscript.schedule' : 'manuscript.send',
    subject: `issue ${done.id}`,
    detail: {
      manuscript: manuscript.id,
      version: manuscript.version,
      readers: Number(form.number),
      audience: audience.rule,
      at,
      local: localOf(moment)?.local,
      trial: trial.trial ?? undefined,
    },
  });
  return c.redirect(`${issue}?said=${isScheduled ? 'scheduled' : 'sent'}`, 303);
}

const warningsOf = (findings: readonly Finding[]) => findings.filter(one => one.severity === 'warning');

const shown = (digits: string, c: ConsoleContext): string => Number(digits).toLocaleString(c.get('language'));

async function show(c: ConsoleContext, site: Console, desk: SendDesk, wish: Wish, problem?: string): Promise<Response> {
  const { manuscript, publication, words, here } = desk;
  const { sql } = site.wiring;
  const audience = await audienceOf(sql, manuscript.publicationId, publication.timeZone, wish);
  const { moment, trial, at, prepared } = await askedFor(site, desk, wish);
  if (audience.problem || moment.problem || trial.problem) return c.redirect(`${here}?${queryOf(wish)}`, 303);
  // The day that is shown, not the next one when it is pressed.
  const shownWish = queryOf({ ...wish, localDay: localOf(moment)?.local.day ?? '' });
  const back = `${here}?${shownWish}`;
  const [findings, picker, count] = await Promise.all([
    findingsOf(site.wiring, manuscript.publicationId, publication, prepared, at, c.get('language')),
    openPicker(site, desk, wish),
    countOn(sql, manuscript.publicationId, audience.rule),
  ]);
  const number = (n: number) => n.toLocaleString(c.get('language'));
  const readers = number(count.matching);
  const isCounting = count.after !== null && count.ms < patienceMs;
  if (isCounting) c.header('refresh', `1;url=${here}/confirm?${shownWish}`);
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.confirmTitle} place="issues" scripts={['send']}>
      <h1>{words.confirmTitle}</h1>
      {problem && <Message>{problem}</Message>}
      <div class="sheet send-confirm">
        <p class="send-big">
          {isCounting
            ? soFar(count, desk, number)
            : count.after === null
              ? words.youSend(readers)
              : words.youSendAtLeast(readers)}
        </p>
        {isCounting && count.looked > 0 && <p class="quiet small">{words.lookedAt(number(count.looked))}</p>}
        <Letterhead desk={desk} prepared={prepared} />
        <dl class="send-facts">
          <dt>{words.readers}</dt>
          <dd>{sentence(audience.rule, publication.name, picker.telling)}</dd>
          <dt>{words.time}</dt>
          <dd class="send-when-note">
            <Time desk={desk} moment={moment} />
          </dd>
          {trial.trial && (
            <>
              <dt>{words.trialTitle}</dt>
              <dd class="send-trial">
                <TrialInWords desk={desk} trial={trial.trial} count={count} />
              </dd>
            </>
          )}
        </dl>
        <Findings desk={desk} findings={findings} />
        {!isCounting && count.matching === 0 && <p class="message-line">{words.nobody}</p>}
        {!isCounting && !isBlocked(findings) && count.matching > 0 && (
          <form method="post" action={here} class="send-act">
            <Token c={c} site={site} />
            <input type="hidden" name="wish" value={shownWish} />
            <input type="hidden" name="version" value={String(manuscript.version)} />
            <input type="hidden" name="request" value={randomUUID()} />
            <input type="hidden" name="audience" value={markOf(audience.rule)} />
            <input type="hidden" name="number" value={String(count.matching)} />
            <Act
              desk={desk}
              readers={readers}
              isNow={startOf(moment) === null}
              warnings={warningsOf(findings).length}
            />
          </form>
        )}
        <p>
          <a class="button" href={back}>
            {words.change}
          </a>
        </p>
      </div>
    </Desk>,
    problem ? 409 : 200,
  );
}

function Act({
  desk: { words },
  readers,
  isNow,
  warnings,
}: {
  desk: SendDesk;
  readers: string;
  isNow: boolean;
  warnings: number;
}) {
  return (
    <>
      <input type="hidden" name="warnings" value={String(warnings)} />
      {warnings > 0 && (
        <label class="choice">
          <input type="checkbox" name="seen" value="1" required />
          <span>{words.seenWarnings(warnings)}</span>
        </label>
      )}
      <div class="field">
        <label for="send-typed">{words.typeNumber(readers)}</label>
        <input
          id="send-typed"
          name="typed"
          inputmode="numeric"
          autocomplete="off"
          required
          aria-describedby="send-typed-hint"
        />
        <p id="send-typed-hint" class="hint">
          {words.typeHint}
        </p>
      </div>
      <button type="submit" class="main">
        {isNow ? words.doSend(readers) : words.doSchedule(readers)}
      </button>
    </>
  );
}

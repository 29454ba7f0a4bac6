/** /console/readers/:id: one person, what they agreed to, got and did. */

import { Readable } from 'node:stream';
import { insertAudit } from '../../../db/audit.ts';
import { personOf } from '../../../db/personal-data.ts';
import { findPerson, type Person, type Standing, standingsOf } from '../../../db/reader-view.ts';
import { dataFile } from '../../data-file.ts';
import { Icon } from '../../icons.tsx';
import { Ask } from '../ask.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage, Token } from '../layout.tsx';
import { type ConsoleRoute, form, idOf, page } from '../routes.ts';
import { publicationsOf, StandingMark, sendReaders, Time, textOf, zoneOf } from './frame.tsx';
import { Comments, Consents, History, Letters, Part, Referral } from './person-parts.tsx';

export const personPages: ConsoleRoute[] = [
  page('/readers/:id{[0-9]+}', 'readers', async (c, site) => {
    const person = await personHere(c, site);
    return person ? show(c, site, person) : missing(c, site);
  }),
  form('/readers/:id{[0-9]+}/data', 'readers', async (c, site) => {
    const id = idOf(c);
    const person = id === undefined ? undefined : await personOf(site.wiring.sql, id);
    if (!person) return missing(c, site);
    await insertAudit(site.wiring.sql, c.get('staff'), { act: 'reader.data', subject: `reader ${id}` });
    c.header('content-type', 'application/json; charset=utf-8');
    c.header('content-disposition', `attachment; filename="reader-${id}.json"`);
    const stream = Readable.from(dataFile(site.wiring.sql, person), { objectMode: false });
    return c.body(Readable.toWeb(stream) as ReadableStream);
  }),
  page('/readers/:id{[0-9]+}/delete', 'readers', async (c, site) => {
    const person = await personHere(c, site);
    return person ? askDelete(c, site, person) : missing(c, site);
  }),
  page('/readers/:id{[0-9]+}/end/:publication', 'readers', async (c, site) => {
    const person = await personHere(c, site);
    const standing =
      person && (await standingsOf(site.wiring.sql, person.id)).find(one => one.slug === c.req.param('publication'));
    return person && standing ? askEnd(c, site, person, standing) : missing(c, site);
  }),
];

const missing = (c: ConsoleContext, site: Console) => refusedPage(c, site, textOf(c).missing, 404);

async function personHere(c: ConsoleContext, site: Console): Promise<Person | undefined> {
  const id = idOf(c);
  return id === undefined ? undefined : findPerson(site.wiring.sql, id);
}

async function show(c: ConsoleContext, site: Console, person: Person) {
  const text = textOf(c);
  const publications = await publicationsOf(site);
  const zone = zoneOf(publications);
  const standings = await standingsOf(site.wiring.sql, person.id);
  const fields = [
    ...new Set([
      ...publications.flatMap(one => Object.keys(one.publication.fields)),
      ...Object.keys(person.attributes),
    ]),
  ];
  const parts = { c, site, person, zone };
  return sendReaders(
    c,
    site,
    { title: person.name || person.email, at: 'list' },
    <>
      <p class="readers-address">
        <bdi>{person.email}</bdi> <span class="quiet">· {text.since} </span>
        <Time c={c} at={person.createdAt} zone={zone} day />
      </p>
      {person.suppressed && (
        <p class="message readers-stop">
          <Icon name="cancelled" />
          <span>
            {text.suppressed}: {text.reasons[person.suppressed] ?? person.suppressed}.{' '}
            <a href={`${site.base}/console/readers/suppressed/lift/${person.id}`}>{text.lift}</a>
          </span>
        </p>
      )}
      <Tags {...parts} />
      <div class="readers-columns">
        <div>
          <Subscriptions {...parts} standings={standings} />
          <History {...parts} />
          <Consents {...parts} />
          <Letters {...parts} />
          <Comments {...parts} />
        </div>
        <div>
          <Edit {...parts} fields={fields} />
          <Referral c={c} standings={standings} />
          <Rights {...parts} />
        </div>
      </div>
    </>,
  );
}

interface PartProps {
  c: ConsoleContext;
  site: Console;
  person: Person;
  zone: string;
}

function Tags({ c, site, person }: PartProps) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/${person.id}`;
  const moved = (person.attributes.tags ?? '').split(',').flatMap(tag => tag.trim() || []);
  return (
    <section class="readers-tags" aria-label={text.tags}>
      {person.tags.map(tag => (
        <form method="post" action={`${here}/untag`} class="readers-tag">
          <Token c={c} site={site} />
          <input type="hidden" name="tag" value={tag} />
          <bdi>{tag}</bdi>
          <button type="submit" aria-label={text.removeTag(tag)}>
            <Icon name="close" />
          </button>
        </form>
      ))}
      <form method="post" action={`${here}/tag`} class="readers-newtag">
        <Token c={c} site={site} />
        <label class="hidden" for="newtag">
          {text.tagName}
        </label>
        <input id="newtag" name="tag" required maxlength={60} placeholder={text.addTag} autocomplete="off" />
        <button type="submit">
          <Icon name="add" />
          {text.addTag}
        </button>
      </form>
      {person.tags.length === 0 && moved.length === 0 && <p class="quiet small">{text.noTags}</p>}
      {moved.length > 0 && (
        <p class="quiet small">
          {text.tagsOfFile} <bdi>{moved.slice(0, 50).join(', ')}</bdi>
        </p>
      )}
    </section>
  );
}

function Subscriptions({ c, site, person, zone, standings }: PartProps & { standings: Standing[] }) {
  const text = textOf(c);
  return (
    <Part title={text.subscriptions}>
      {standings.map(one => (
        <div class="sheet readers-standing">
          <div>
            <strong>
              <bdi>{one.name}</bdi>
            </strong>{' '}
            <StandingMark c={c} state={one.state} />
            <p class="quiet small">
              <Time c={c} at={one.since} zone={zone} /> · {text.source}: {one.source}
              {one.frequency === 'monthly' && ` · ${text.monthly}`} · {text.advertising}:{' '}
              {one.advertising ? text.yes : text.no}
            </p>
            {one.leftReason && (
              <p class="small">
                {text.leftReason}: {one.leftReason}
                {one.leftNote && (
                  <>
                    {' '}
                    — <bdi>{one.leftNote}</bdi>
                  </>
                )}
              </p>
            )}
            {one.evidence && <Evidence c={c} evidence={one.evidence} />}
          </div>
          {one.state !== 'unsubscribed' && (
            <a class="button" href={`${site.base}/console/readers/${person.id}/end/${one.slug}`}>
              {text.end}
            </a>
          )}
        </div>
      ))}
      {standings.length === 0 && <p class="quiet">{text.noLetters}</p>}
    </Part>
  );
}

function Evidence({ c, evidence }: { c: ConsoleContext; evidence: Record<string, unknown> }) {
  return (
    <details class="small">
      <summary>{textOf(c).evidence}</summary>
      <dl class="readers-pairs">
        {Object.entries(evidence)
          .slice(0, 30)
          .map(([key, value]) => (
            <>
              <dt>{key}</dt>
              <dd>
                <bdi>{typeof value === 'string' ? value.slice(0, 500) : JSON.stringify(value).slice(0, 500)}</bdi>
              </dd>
            </>
          ))}
      </dl>
    </details>
  );
}

function Edit({ c, site, person, fields }: PartProps & { fields: string[] }) {
  const text = textOf(c);
  return (
    <Part title={text.edit}>
      <form method="post" action={`${site.base}/console/readers/${person.id}`} class="form">
        <Token c={c} site={site} />
        <div class="field">
          <label for="name">{text.name}</label>
          <input id="name" name="name" value={person.name} maxlength={200} autocomplete="off" />
        </div>
        {fields.slice(0, mostFields).map((field, at) => (
          <div class="field">
            <label for={`a${at}`}>
              <bdi>{field}</bdi>
            </label>
            <input type="hidden" name={`f${at}`} value={field} />
            <input
              id={`a${at}`}
              name={`a${at}`}
              value={person.attributes[field] ?? ''}
              maxlength={1000}
              autocomplete="off"
            />
          </div>
        ))}
        <button type="submit">{text.save}</button>
      </form>
    </Part>
  );
}

/** Attributes that the form shows. */
export const mostFields = 40;

function Rights({ c, site, person }: PartProps) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/${person.id}`;
  return (
    <Part title={text.rights}>
      <p class="quiet small">{text.rightsText}</p>
      <div class="readers-rights">
        <form method="post" action={`${here}/data`}>
          <Token c={c} site={site} />
          <button type="submit">
            <Icon name="download" />
            {text.download}
          </button>
        </form>
        {!person.suppressed && (
          <form method="post" action={`${here}/suppress`}>
            <Token c={c} site={site} />
            <button type="submit" title={text.suppressText}>
              <Icon name="cancelled" />
              {text.suppress}
            </button>
          </form>
        )}
        <a class="button" href={`${here}/delete`}>
          <Icon name="trash" />
          {text.remove}
        </a>
      </div>
    </Part>
  );
}

function Whom({ text, person }: { text: ReturnType<typeof textOf>; person: Person }) {
  return (
    <>
      <bdi>{person.name || text.noName}</bdi> · <bdi>{person.email}</bdi>
    </>
  );
}

function askDelete(c: ConsoleContext, site: Console, person: Person) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/${person.id}`;
  return sendReaders(
    c,
    site,
    { title: text.removeTitle, at: 'list' },
    <Ask
      c={c}
      site={site}
      what={<Whom text={text} person={person} />}
      means={text.removeText}
      action={`${here}/delete`}
      act={text.removeDo}
      back={here}
      keep={text.keep}
      sure={text.removeSure}
    />,
  );
}

function askEnd(c: ConsoleContext, site: Console, person: Person, standing: Standing) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/${person.id}`;
  return sendReaders(
    c,
    site,
    { title: text.endTitle, at: 'list' },
    <Ask
      c={c}
      site={site}
      what={<Whom text={text} person={person} />}
      means={text.endText(standing.name)}
      action={`${here}/end/${standing.slug}`}
      act={text.endSure}
      back={here}
      keep={text.keep}
    />,
  );
}

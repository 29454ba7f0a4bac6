/** /console/readers/add: one person, with proof that they agreed or by asking them. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { enrol } from '../../../db/api-subscribers.ts';
import type { StoredPublication } from '../../../db/publications.ts';
import { signUp } from '../../../db/signups.ts';
import { askForLetter } from '../../../enqueue/letters.ts';
import { wordingsOf } from '../../../model/consent.ts';
import { type Address, parseAddress } from '../../../subscribers/address.ts';
import { cleanText, maxName } from '../../../subscribers/csv/rows.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Token } from '../layout.tsx';
import { type ConsoleRoute, change, type Done, page } from '../routes.ts';
import { problem, publicationsOf, sendReaders, textOf } from './frame.tsx';
import { Select } from './list.tsx';

/** Where, when and with which words somebody agreed, as a form brings it. */
export const proofFields = {
  source: z.string().trim().max(200).default(''),
  at: z.string().max(10).default(''),
  wording: z.string().trim().max(2000).default(''),
};

/** @returns undefined when something is missing, or lies ahead; the day begins in UTC */
export function proofOf({ source, at, wording }: { source: string; at: string; wording: string }) {
  const when = /^\d{4}-\d{2}-\d{2}$/.test(at) ? new Date(`${at}T00:00:00Z`) : undefined;
  if (!source || !wording || !when || Number.isNaN(when.getTime()) || when.getTime() < 0) return undefined;
  // Somewhere it is tomorrow already.
  if (when.getTime() > Date.now() + 14 * 3_600_000) return undefined;
  const moment = new Date(Math.min(when.getTime(), Date.now()));
  const version = createHash('sha256').update(wording).digest('hex').slice(0, 12);
  return { source: cleanText(source), at: moment.toISOString(), wording, version };
}

export const addRoutes: ConsoleRoute[] = [
  page('/readers/add', 'readers', show),
  change(
    '/readers/add',
    'readers',
    'reader.add',
    {
      email: z.string().max(1000),
      name: z.string().max(1000).default(''),
      publication: z.string().max(20),
      how: z.enum(['ask', 'proof']),
      ...proofFields,
    },
    async (c, site, form) => {
      const address = parseAddress(form.email);
      if ('problem' in address) throw problem(c, 'address');
      const stored = (await publicationsOf(site)).find(one => String(one.id) === form.publication);
      if (!stored) throw problem(c, 'publication');
      const name = cleanText(form.name).slice(0, maxName);
      return form.how === 'ask' ? askThem(site, stored, address) : bring(c, site, stored, address, name, form);
    },
  ),
];

/** As if they had used the form: a letter asks them. The name waits, since it is not theirs to hear of from a stranger. */
async function askThem(site: Console, { id, publication }: StoredPublication, address: Address): Promise<Done> {
  const { sql, hasher } = site.wiring;
  const letter = await signUp(sql, {
    ...{ publicationId: id, ...address, addressHash: hasher.hash(address.emailKey) },
    ...{
      lang: publication.language,
      wordings: wordingsOf(publication, publication.language),
      advertising: false,
      source: 'console',
    },
  });
  if (letter !== undefined) await askForLetter(site.wiring, letter);
  const said = letter === undefined ? 'askedNot' : 'asked';
  return { to: '/readers/add', said, subject: `publication ${publication.slug}`, detail: { how: 'ask' } };
}

async function bring(
  c: ConsoleContext,
  site: Console,
  { id, publication }: StoredPublication,
  address: Address,
  name: string,
  form: { source: string; at: string; wording: string },
): Promise<Done> {
  const consent = proofOf(form);
  if (!consent) throw problem(c, 'proof');
  const { sql, hasher } = site.wiring;
  const enrolled = await enrol(sql, {
    ...{ publicationId: id, ...address, addressHash: hasher.hash(address.emailKey) },
    ...{ name, attributes: {}, timeZone: undefined, state: 'active', consent, by: 'console' },
  });
  if (!enrolled) throw problem(c, 'suppressed');
  const detail = { how: 'proof', publication: publication.slug };
  return { to: `/readers/${enrolled.subscriber}`, said: 'added', subject: `reader ${enrolled.subscriber}`, detail };
}

async function show(c: ConsoleContext, site: Console) {
  const text = textOf(c);
  const publications = await publicationsOf(site);
  return sendReaders(
    c,
    site,
    { title: text.addTitle, at: 'list' },
    <>
      <p class="quiet">
        {text.addText} <a href={`${site.base}/console/readers/import`}>{text.import}</a>
      </p>
      <form method="post" action={`${site.base}/console/readers/add`} class="form readers-add">
        <Token c={c} site={site} />
        <div class="field">
          <label for="email">{text.email}</label>
          <input id="email" name="email" type="email" required maxlength={254} autocomplete="off" />
        </div>
        <div class="field">
          <label for="name">{text.name}</label>
          <input id="name" name="name" maxlength={200} autocomplete="off" />
        </div>
        <Select name="publication" label={text.publication} chosen={String(publications[0]?.id ?? '')}>
          {publications.map(one => [String(one.id), one.publication.name])}
        </Select>
        <fieldset class="readers-how">
          <legend>{text.how}</legend>
          <label class="choice">
            <input type="radio" name="how" value="ask" checked />
            {text.askThem}
          </label>
          <label class="choice">
            <input type="radio" name="how" value="proof" />
            {text.haveProof}
          </label>
          <ProofFields c={c} />
        </fieldset>
        <div class="buttons">
          <button type="submit" class="main">
            {text.addDo}
          </button>
          <a class="button" href={`${site.base}/console/readers`}>
            {text.keep}
          </a>
        </div>
      </form>
    </>,
  );
}

export function ProofFields({
  c,
  required,
  given,
}: {
  c: ConsoleContext;
  required?: boolean;
  given?: { source: string; at: string; wording: string } | undefined;
}) {
  const text = textOf(c);
  return (
    <div class="form readers-proof">
      <div class="field">
        <label for="source">{text.proofWhere}</label>
        <input
          id="source"
          name="source"
          value={given?.source}
          maxlength={200}
          required={required}
          autocomplete="off"
          aria-describedby="source-hint"
        />
        <p class="hint" id="source-hint">
          {text.proofWhereHint}
        </p>
      </div>
      <div class="field">
        <label for="at">{text.proofWhen}</label>
        <input
          id="at"
          name="at"
          type="date"
          value={given?.at.slice(0, 10)}
          required={required}
          max={new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10)}
        />
      </div>
      <div class="field">
        <label for="wording">{text.proofWords}</label>
        <textarea id="wording" name="wording" rows={3} maxlength={2000} required={required}>
          {given?.wording}
        </textarea>
      </div>
    </div>
  );
}

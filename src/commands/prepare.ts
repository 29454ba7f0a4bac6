/** What `compose` and `send` share: text → issue, edition, every problem found, and the message as one sample reader gets it. */
import { readFile } from 'node:fs/promises';
import { textProblems } from '../check/text.ts';
import { compose } from '../compose/compose.ts';
import { checkSubject } from '../compose/headline.ts';
import { preflight } from '../compose/preflight.ts';
import type { Config } from '../config.ts';
import { makePress } from '../deliver/presses.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { dayIn } from '../model/day.ts';
import type { Edition } from '../model/edition.ts';
import type { Issue, Problem } from '../model/issue.ts';
import type { MostLiked } from '../model/most-liked.ts';
import type { Place } from '../model/place.ts';
import type { Publication } from '../model/publication.ts';
import type { Reader } from '../model/reader.ts';
import type { KnownTerm } from '../model/terms.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import { render } from '../render/render.ts';
import { TokenSigner } from '../track/tokens.ts';

export interface Prepared {
  source: string;
  issue: Issue;
  edition: Edition;
  slug: string;
  problems: Problem[];
  places: Place[];
  sample: { subject: string; html: string; text: string; raw: Buffer };
}

/** Large, so that the sample's links are as long as any reader's. */
const sampleId = 999_999_999;

/** @throws BroadsheetError FILE_UNREADABLE */
export async function readSource(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const isEncoding = error instanceof TypeError;
    throw new BroadsheetError('FILE_UNREADABLE', isEncoding ? 'the file is not UTF-8 text' : messageOf(error), {
      file,
    });
  }
}

export async function prepare(given: {
  source: string;
  publication: Publication;
  config: Config;
  dkim?: DkimKeys | undefined;
  allowLarge?: boolean;
  /** When it is to go out; now when not given. The masthead shows that day, in the publication's zone, unless the text names one. */
  at?: Date | undefined;
  knownTerms?: readonly KnownTerm[] | undefined;
  /** Of the issue before (`lookUpMostLiked`); without it `::most-liked` shows an example. */
  mostLiked?: MostLiked | undefined;
  /** Of a trial: each is checked as the issue's own is. */
  subjects?: readonly string[] | undefined;
  /** Whose copy the sample is; a made-up reader's when not given. The links of either lead nowhere. */
  reader?: Reader | undefined;
}): Promise<Prepared> {
  const { source, publication, config } = given;
  const { issue, problems, places } = compose(source, {
    publication,
    knownTerms: given.knownTerms,
    mostLiked: given.mostLiked,
  });
  const day = issue.date ?? dayIn(publication.timeZone, given.at ?? new Date());
  const slug = issue.slug ?? (issue.number ? `issue-${issue.number}` : day);
  const edition = await render(issue, { publication, sendDate: day, subjects: given.subjects });
  const press = makePress({
    edition,
    publication,
    issue: { id: sampleId, slug, kind: 'regular', startedAt: new Date() },
    config,
    tokens: new TokenSigner(['a sample message: its links lead nowhere']),
    dkim: given.dkim,
  });
  const reader = { ...(given.reader ?? sampleReader(publication)), subscriberId: sampleId };
  const sample = {
    subject: press.subject(reader),
    html: press.html(reader),
    text: press.text(reader),
    raw: press.message(reader).raw,
  };
  for (const subject of given.subjects ?? []) problems.push(...checkSubject(subject, publication));
  problems.push(
    ...preflight({
      issue,
      subjects: given.subjects,
      publication,
      html: sample.html,
      allowLarge: given.allowLarge ?? false,
    }),
  );
  problems.push(...textProblems({ source, issue, edition, publication, ...sample, knownTerms: given.knownTerms }));
  return { source, issue, edition, slug, problems, places, sample };
}

/** @param name as the text calls them; '' for one who gave none */
export function sampleReader(
  publication: Publication,
  name = publication.language === 'ko' ? '독자' : 'Reader',
): Reader {
  return {
    subscriberId: sampleId,
    email: 'reader@example.com',
    name,
    attributes: publication.fields,
    advertising: true,
    code: 'SAMPLE-CODE',
  };
}

export const isError = (problem: Problem): boolean => problem.severity === 'error';

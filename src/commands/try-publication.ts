/** Whether mail can be made of a publication: its sample is rendered before the document is stored, by whatever way it comes. */
import { compose } from '../compose/compose.ts';
import type { Config } from '../config.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Publication } from '../model/publication.ts';
import { render } from '../render/render.ts';
import { prepare } from './prepare.ts';
import { bareIssue, type SampleKind, sampleSource } from './sample-issue.ts';

/** The sample as the publication would send it; readers' links in it lead nowhere. @throws TemplateInvalid; Error when it cannot be rendered */
export async function sampleHtml(config: Config, publication: Publication, kind?: SampleKind): Promise<string> {
  const { sample } = await prepare({ source: sampleSource(publication.language, kind), publication, config });
  return sample.html;
}

/** Refuses a publication whose mail cannot be made. @throws BroadsheetError TEMPLATE_INVALID (TemplateInvalid), PUBLICATION_INVALID, or what else stands in the way */
export async function tryOut(config: Config, publication: Publication): Promise<void> {
  try {
    await tryTemplates(publication);
    await sampleHtml(config, publication);
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    const help = 'Check the fields that you changed.';
    throw new BroadsheetError('PUBLICATION_INVALID', messageOf(error), { cause: error, help });
  }
}

/** What a masthead of ours says otherwise with a picture. */
const logo = { url: 'https://example.org/logo.png', width: 160, height: 40 };

/**
 * Each of its own templates in each way that an issue may take it: with and without a logo, a code, a closing, headings; with and without the
 * law that asks most.
 * @throws TemplateInvalid
 */
export async function tryTemplates(publication: Publication): Promise<void> {
  if (Object.keys(publication.templates).length === 0) return;
  const ways: [SampleKind, Publication][] = [
    ['usual', { ...publication, brand: { accent: publication.brand.accent } }],
    ['own codes', { ...publication, brand: { ...publication.brand, logo } }],
    ['plain code', publication],
  ];
  for (const [kind, way] of ways) {
    const strictest: Publication = { ...way, law: [...new Set([...publication.law, 'kr' as const])] };
    const { issue } = compose(sampleSource(publication.language, kind), { publication: strictest });
    await render(issue, { publication: strictest });
  }
  await render(bareIssue(publication.language), { publication: { ...publication, law: [] } });
}

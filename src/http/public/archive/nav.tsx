/** The archive's own ways under the masthead: past issues, glossary, search. */
import type { Language } from '../words.ts';
import type { Paths } from './paths.ts';
import { archiveWords } from './words.ts';

export function ArchiveNav({ here, lang, at }: { here: Paths; lang: Language; at?: 'issues' | 'glossary' | 'search' }) {
  const words = archiveWords[lang];
  const current = (name: typeof at) => (at === name ? 'page' : undefined);
  return (
    <nav class="ways" aria-label={words.ways}>
      <a href={here.home} aria-current={current('issues')}>
        {words.issues}
      </a>
      <a href={here.glossary} aria-current={current('glossary')}>
        {words.glossary}
      </a>
      <a href={here.search} aria-current={current('search')}>
        {words.search}
      </a>
    </nav>
  );
}

export interface Step {
  href: string;
  title: string;
  label: string;
}

/** To the one before and the one after. */
export function Steps({
  back,
  forth,
  lang,
  label,
}: {
  back?: Step | undefined;
  forth?: Step | undefined;
  lang: Language;
  label: string;
}) {
  if (!back && !forth) return null;
  return (
    <nav class="steps" aria-label={label}>
      {back && <StepLink step={back} lang={lang} rel="prev" />}
      {forth && <StepLink step={forth} lang={lang} rel="next" />}
    </nav>
  );
}

function StepLink({ step, lang, rel }: { step: Step; lang: Language; rel: 'prev' | 'next' }) {
  return (
    <a class={rel} href={step.href} rel={rel}>
      <span class="quiet" lang={lang}>
        {step.label}
      </span>
      <span>{step.title}</span>
    </a>
  );
}

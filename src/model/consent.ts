/**
 * What people agree to, word for word (rule 5.1). A text that is changed gets a new version and the old one goes: what was agreed to before
 * is kept as it was read, in `consents`. Engineering aid, not legal advice.
 */
import type { Publication } from './publication.ts';

type Language = 'ko' | 'en';

export interface Wording {
  text: string;
  version: string;
}

/** `{name}` is the publication's name. */
const subscription: Record<Language, Wording> = {
  ko: { version: 'subscription-2026-11-ko', text: '‘{name}’ 뉴스레터를 이메일로 받는 데 동의합니다.' },
  en: { version: 'subscription-2026-11-en', text: 'I agree to receive the newsletter {name} by e-mail.' },
};

/** Apart from the subscription, never ticked beforehand: Network Act Art. 50(1); elsewhere consent must be as specific (GDPR 7, CASL 6). */
const advertising: Record<'kr' | 'other', Record<Language, Wording>> = {
  kr: {
    ko: {
      version: 'advertising-kr-2026-11-ko',
      text: '[선택] ‘{name}’의 할인 코드, 행사 안내 등 광고성 정보를 이메일로 받는 데 동의합니다. 동의하지 않아도 구독할 수 있고, 언제든지 철회할 수 있습니다.',
    },
    en: {
      version: 'advertising-kr-2026-11-en',
      text: '[Optional] I agree to receive advertising from {name}, such as discount codes and event notices, by e-mail. I can subscribe without agreeing, and withdraw at any time.',
    },
  },
  other: {
    ko: {
      version: 'advertising-2026-11-ko',
      text: '[선택] ‘{name}’의 광고성 정보를 이메일로 받는 데 동의합니다. 동의하지 않아도 구독할 수 있고, 언제든지 철회할 수 있습니다.',
    },
    en: {
      version: 'advertising-2026-11-en',
      text: '[Optional] I agree to receive advertising from {name} by e-mail. I can subscribe without agreeing, and withdraw at any time.',
    },
  },
};

export interface Wordings {
  subscription: Wording;
  /** Undefined: the publication's law asks for no consent of its own to advertising, and the form has no box. */
  advertising: Wording | undefined;
}

/** What a form of this publication shows in this language. */
export function wordingsOf({ name, law }: Pick<Publication, 'name' | 'law'>, lang: Language): Wordings {
  const named = ({ text, version }: Wording): Wording => ({ text: text.replace('{name}', () => name), version });
  const separate = law.includes('kr') ? advertising.kr : law.some(one => one === 'gdpr' || one === 'casl');
  const box = separate === true ? advertising.other : separate || undefined;
  return { subscription: named(subscription[lang]), advertising: box && named(box[lang]) };
}

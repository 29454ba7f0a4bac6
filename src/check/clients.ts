/**
 * What clients do not show of the HTML that an issue really has, and what its readers see instead. Facts by client as caniemail.com tested them
 * (September 2025); it has none of Naver and Daum, which follow the browser on the web.
 */

export type Client =
  | 'gmail'
  | 'gmailApp'
  | 'outlookWindows'
  | 'outlookCom'
  | 'outlookApp'
  | 'apple'
  | 'samsung'
  | 'yahoo'
  | 'thunderbird';

const all: readonly Client[] = ['gmail', 'gmailApp', 'outlookWindows', 'outlookCom', 'outlookApp'];

interface Fact {
  /** Page of caniemail.com. */
  slug: string;
  in: RegExp;
  /** Clients that do without. */
  not: readonly Client[];
  /** Whether readers there miss something that they need. */
  hurts: boolean;
}

const facts = {
  jumps: {
    slug: 'html-anchor-links',
    in: /<a href="#/,
    not: ['gmailApp', 'outlookApp', 'samsung', 'yahoo'],
    hurts: false,
  },
  night: {
    slug: 'css-at-media-prefers-color-scheme',
    in: /prefers-color-scheme/,
    not: ['gmail', 'gmailApp', 'outlookWindows', 'yahoo', 'thunderbird'],
    hurts: false,
  },
  rounded: { slug: 'css-border-radius', in: /border-radius/, not: ['outlookWindows'], hurts: false },
  wide: { slug: 'css-at-media', in: /@media only screen/, not: ['outlookWindows', 'thunderbird'], hurts: false },
  breaks: {
    slug: 'css-overflow-wrap',
    in: /overflow-wrap/,
    not: ['gmail', 'gmailApp', 'outlookWindows', 'outlookCom', 'outlookApp', 'yahoo'],
    hurts: false,
  },
  wraps: { slug: 'css-text-wrap', in: /text-wrap/, not: [...all, 'yahoo'], hurts: false },
  code: { slug: 'css-white-space', in: /<pre/, not: ['outlookWindows', 'samsung'], hurts: false },
  fluid: { slug: 'css-max-width', in: /<img[^>]*max-width/, not: ['outlookWindows'], hurts: false },
  moving: { slug: 'image-gif', in: /<img[^>]*src="[^"]*\.gif/i, not: ['outlookWindows'], hurts: true },
  webp: { slug: 'image-webp', in: /<img[^>]*src="[^"]*\.webp/i, not: ['outlookWindows'], hurts: true },
  avif: {
    slug: 'image-avif',
    in: /<img[^>]*src="[^"]*\.avif/i,
    not: ['outlookWindows', 'gmail', 'gmailApp'],
    hurts: true,
  },
  svg: {
    slug: 'image-svg',
    in: /<img[^>]*src="[^"]*\.svg/i,
    not: ['gmail', 'gmailApp', 'outlookWindows'],
    hurts: true,
  },
} satisfies Record<string, Fact>;
export type ClientFact = keyof typeof facts;

export interface ClientDifference {
  fact: ClientFact;
  clients: Client[];
  hurts: boolean;
  url: string;
}

export function clientDifferences(html: string): ClientDifference[] {
  return (Object.entries(facts) as [ClientFact, Fact][])
    .filter(([, fact]) => fact.in.test(html))
    .map(([fact, { slug, not, hurts }]) => ({
      fact,
      clients: [...not],
      hurts,
      url: `https://www.caniemail.com/features/${slug}/`,
    }))
    .sort((a, b) => Number(b.hurts) - Number(a.hurts));
}

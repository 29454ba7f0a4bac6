/** Pictures and merge fields of a composed issue. */
import type { Inline, Problem } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import { problem } from './catalogue.ts';
import { lineOf } from './lines.ts';

type Image = Extract<Inline, { type: 'image' }>;
type Field = Extract<Inline, { type: 'field' }>;

/** `IMG_1234.png`, `스크린샷 2026-01-02`, `image.jpg`. */
const fileName =
  /\.(?:png|jpe?g|gif|webp|heic)$|^(?:img|dsc|image|screenshot|스크린샷|화면 캡처|캡처|그림|사진)[\s_-]*[\d.:\s_-]*$/i;
const rareFormat = /\.(webp|avif|svg|heic)(?:[?#]|$)/i;

export function pictureProblems(source: string, images: readonly Image[]): Problem[] {
  return images.flatMap(({ url, alt }) => {
    const line = lineOf(source, url);
    const format = rareFormat.exec(url)?.[1];
    return [
      ...(fileName.test(alt.trim())
        ? [problem('alt-file-name', line, `A picture is described as “${alt.trim()}”.`)]
        : []),
      ...(format
        ? [
            problem(
              'image-format',
              line,
              `The picture “${url.slice(-60)}” is ${format.toUpperCase()}, which Outlook on Windows does not show.`,
            ),
          ]
        : []),
    ];
  });
}

export function fieldProblems(source: string, fields: readonly Field[], { fields: defaults }: Publication): Problem[] {
  const empty = new Set(
    fields.filter(({ name, fallback }) => !fallback && !defaults[name] && name !== 'email').map(({ name }) => name),
  );
  return [...empty].map(name =>
    problem('field-empty', lineOf(source, `{{${name}`), `Readers without a “${name}” see nothing in its place.`),
  );
}

/** Pictures and merge fields of a composed issue. */
import type { Block, Inline, Issue, Problem, Section } from '../model/issue.ts';
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

/** Every inline node, outer before inner. */
export function* inlinesOf(issue: Issue): Generator<Inline> {
  for (const section of issue.sections) yield* inSection(section);
}

function* inSection(section: Section): Generator<Inline> {
  const blocks: Block[] = [];
  if (section.type === 'highlights') {
    for (const item of [...section.items, section.more ?? []]) yield* inInlines(item);
    blocks.push(...section.after);
  } else if (section.type === 'glossary') {
    blocks.push(...section.intro, ...section.terms.flatMap(term => term.definition));
  } else if (section.type === 'summary') blocks.push(...section.lead, ...section.parts.flatMap(part => part.body));
  else blocks.push(...section.body);
  yield* inBlocks(blocks);
}

function* inInlines(nodes: readonly Inline[]): Generator<Inline> {
  for (const node of nodes) {
    yield node;
    if ('children' in node) yield* inInlines(node.children);
  }
}

function* inBlocks(blocks: readonly Block[]): Generator<Inline> {
  for (const block of blocks) {
    if (block.type === 'paragraph' || block.type === 'heading') yield* inInlines(block.children);
    else if (block.type === 'quote' || block.type === 'when') yield* inBlocks(block.children);
    else if (block.type === 'list') for (const item of block.items) yield* inBlocks(item);
    else if (block.type === 'table') for (const cell of [block.head, ...block.rows].flat()) yield* inInlines(cell);
  }
}

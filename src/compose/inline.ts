/** mdast phrasing → `Inline[]`: links checked, fields and references resolved, nothing dropped. */
import type { Image, Link, PhrasingContent } from 'mdast';
import type { Inline } from '../model/issue.ts';
import { mergeFields } from '../model/publication.ts';
import { type Context, fallbackOf, lineOf, plainText } from './context.ts';
import { type FieldUse, fieldMarkPattern, hasField, restoreEscapes, restoreFields } from './marks.ts';
import { quoted } from './problems.ts';
import { referencePattern } from './vocabulary.ts';

/** `linked`: inside a link or jump already, where nothing else may become one. */
export function toInlines(nodes: readonly PhrasingContent[], ctx: Context, linked = false): Inline[] {
  return joined(nodes.flatMap(node => toInline(node, ctx, linked)));
}

function toInline(node: PhrasingContent, ctx: Context, linked: boolean): Inline[] {
  switch (node.type) {
    case 'text':
      return textInlines(node.value, lineOf(node), ctx, linked);
    case 'strong':
    case 'delete':
    case 'emphasis': {
      const children = toInlines(node.children, ctx, linked);
      const type = node.type === 'strong' ? 'strong' : node.type === 'delete' ? 'del' : 'em';
      return children.length > 0 ? [{ type, children }] : [];
    }
    case 'inlineCode':
      return [{ type: 'code', value: node.value }];
    case 'break':
      return [{ type: 'break' }];
    case 'link':
      return linkInlines(node, ctx, linked);
    case 'image':
      return imageInlines(node, ctx);
    case 'linkReference': {
      const { url, title } = ctx.definitions.get(node.identifier) ?? { url: '', title: null };
      return linkInlines(
        {
          type: 'link',
          url,
          title: title ?? null,
          children: node.children as Link['children'],
          position: node.position,
        },
        ctx,
        linked,
      );
    }
    case 'imageReference': {
      const { url, title } = ctx.definitions.get(node.identifier) ?? { url: '', title: null };
      return imageInlines(
        { type: 'image', url, title: title ?? null, alt: node.alt ?? '', position: node.position },
        ctx,
      );
    }
    case 'footnoteReference':
      return noteReference(node.identifier, ctx);
    default:
      // Raw HTML is gone by now; a node of a kind unknown to us still has its text.
      return [{ type: 'text', value: plainText(node, ctx.fields) }];
  }
}

/** Footnote numbers follow the first reference. The anchor lets the note lead back. */
function noteReference(identifier: string, ctx: Context): Inline[] {
  const note = ctx.notes.get(identifier) ?? { number: ctx.notes.size + 1, uses: 0 };
  ctx.notes.set(identifier, note);
  note.uses++;
  const jump: Inline = {
    type: 'jump',
    target: `note-${note.number}`,
    children: [{ type: 'text', value: `[${note.number}]` }],
  };
  return note.uses === 1 ? [{ type: 'anchor', id: `note-${note.number}-back` }, jump] : [jump];
}

function textInlines(value: string, line: number, ctx: Context, linked: boolean): Inline[] {
  const result: Inline[] = [];
  let at = line;
  for (const [index, piece] of value.split(fieldMarkPattern).entries()) {
    if (index % 2 === 1) {
      const use = ctx.fields[Number(piece)];
      if (use?.name === '') result.push({ type: 'text', value: use.raw });
      else if (use) result.push(fieldInline(use, at, ctx));
      continue;
    }
    result.push(...(linked ? [words(piece)] : references(piece, at, ctx)));
    at += piece.split('\n').length - 1;
  }
  return result;
}

function words(value: string): Inline {
  return { type: 'text', value: restoreEscapes(value).replace(/[ \t]*\n[ \t]*/g, ' ') };
}

function fieldInline(use: FieldUse, line: number, ctx: Context): Inline {
  const known = mergeFields(ctx.publication);
  if (!known.includes(use.name)) {
    ctx.problems.add(
      'unknown-field',
      line,
      `${quoted(use.raw)} is not a field of this publication. Known fields: ${known.join(', ')}.`,
    );
    return { type: 'text', value: use.raw };
  }
  return { type: 'field', name: use.name, fallback: fallbackOf(use, ctx.publication, ctx.lang) };
}

/** "논문 #4" becomes a jump to that summary; in the opening, "용어집" and "논문 섹션" too. */
function references(value: string, line: number, ctx: Context): Inline[] {
  const result: Inline[] = [];
  let done = 0;
  // The line is counted along, not from the start for each: a paragraph may hold thousands.
  let at = line;
  let counted = 0;
  for (const match of value.matchAll(referencePattern)) {
    const number = Number(match[1] ?? match[2] ?? match[3]);
    const target = ctx.paperId(number);
    if (target === undefined) {
      at += value.slice(counted, match.index).split('\n').length - 1;
      counted = match.index;
      ctx.problems.add('reference-out-of-range', at, `${quoted(match[0])} leads to no summary of this issue.`);
      continue;
    }
    result.push(...invited(value.slice(done, match.index), ctx), { type: 'jump', target, children: [words(match[0])] });
    done = match.index + match[0].length;
  }
  result.push(...invited(value.slice(done), ctx));
  if (/\{\{[#/>{!^]|\{\{\{/.test(value)) {
    ctx.problems.add(
      'template-syntax',
      line,
      `${quoted(value.slice(value.indexOf('{{')), 30)} is template syntax that an issue cannot use.`,
    );
  }
  return result;
}

function invited(value: string, ctx: Context): Inline[] {
  if (value === '') return [];
  for (const invite of ctx.invites) {
    for (const pattern of invite.patterns) {
      const match = pattern.exec(value);
      if (!match) continue;
      // Each target once.
      ctx.invites.splice(ctx.invites.indexOf(invite), 1);
      return [
        ...invited(value.slice(0, match.index), ctx),
        { type: 'jump', target: invite.target, children: [words(match[0])] },
        ...invited(value.slice(match.index + match[0].length), ctx),
      ];
    }
  }
  return [words(value)];
}

function linkInlines(node: Link, ctx: Context, linked: boolean): Inline[] {
  const line = lineOf(node);
  const label = plainText(node, ctx.fields);
  const bare = bareAddress(node);
  if (bare) return [...linkInlines(bare.link, ctx, linked), ...textInlines(bare.rest, line, ctx, linked)];
  if (linked) return toInlines(node.children, ctx, true);
  // "www.example.com" as text names no scheme; today that means https.
  if (/^www\./i.test(label) && node.url === `http://${label}`) node.url = `https://${label}`;
  if (node.url.startsWith('#') && node.url.length > 1) return jumpInlines(node, ctx);
  const url = checkedUrl(node.url, line, ctx);
  const hasPicture = node.children.some(child => child.type === 'image' || child.type === 'imageReference');
  if (label === '' && !hasPicture) {
    ctx.problems.add('empty-link', line, `A link to ${quoted(node.url)} has no words.`);
    return url === undefined ? [] : [{ type: 'link', url, children: [{ type: 'text', value: url }] }];
  }
  const children = toInlines(node.children, ctx, true);
  if (url === undefined) return children;
  return [{ type: 'link', url, title: node.title ? restoreFields(node.title, ctx.fields) : undefined, children }];
}

/** "https://example.com/a에서": the particle is not part of an address that stands bare in Korean text. */
function bareAddress(node: Link): { link: Link; rest: string } | undefined {
  const only = node.children[0];
  if (node.children.length !== 1 || only?.type !== 'text' || !/^(?:https?:\/\/|www\.)/i.test(only.value))
    return undefined;
  const match =
    /^((?:https?:\/\/)?[\x21-\x7e]+\.[\x21-\x7e]*?[\w/#=&%-])([)\].,'"]*[\p{Script=Hangul}\p{Script=Han}].*)$/u.exec(
      only.value,
    );
  if (!match || !node.url.endsWith(only.value)) return undefined;
  const [, address = '', rest = ''] = match;
  const url = node.url.slice(0, node.url.length - rest.length);
  return { link: { ...node, url, children: [{ ...only, value: address }] }, rest };
}

function jumpInlines(node: Link, ctx: Context): Inline[] {
  let name = node.url.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // A stray % is part of the name.
  }
  const children = toInlines(node.children, ctx, true);
  const target = ctx.targets.get(name) ?? ctx.targets.get(name.toLowerCase());
  if (target) return [{ type: 'jump', target, children }];
  ctx.problems.add('broken-anchor', lineOf(node), `The link to ${quoted(node.url)} leads to no section of this issue.`);
  return children;
}

/** The address if a reader may be sent there; otherwise a problem, and the caller keeps the words. */
export function checkedUrl(raw: string, line: number, ctx: Pick<Context, 'problems' | 'fields'>): string | undefined {
  const url = raw.trim();
  if (url === '') {
    ctx.problems.add('empty-link', line, 'A link has no address.');
    return undefined;
  }
  if (hasField(url) || /\{\{|%7B%7B/i.test(url)) {
    ctx.problems.add(
      'field-in-url',
      line,
      `The address ${quoted(restoreFields(url, ctx.fields))} holds a merge field.`,
    );
    return undefined;
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'mailto' && /^mailto:[^\s@]+@[^\s@]+$/i.test(url)) return url;
  if (scheme === undefined || (scheme !== 'http' && scheme !== 'https')) {
    const code = scheme === undefined || /^[\w-]+(?:\.[\w-]+)+:\d/.test(url) ? 'relative-link' : 'unsafe-link';
    ctx.problems.add(code, line, `${quoted(url)} is not an address that readers can be sent to.`);
    return undefined;
  }
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    ctx.problems.add('unsafe-link', line, `${quoted(url)} is not a valid address.`);
    return undefined;
  }
  if (scheme === 'http') ctx.problems.add('insecure-link', line, `${quoted(url)} is not encrypted.`);
  return url;
}

function imageInlines(node: Image, ctx: Context): Inline[] {
  const line = lineOf(node);
  const alt = (node.alt ?? '').trim();
  const fallback: Inline[] = alt === '' ? [] : [{ type: 'text', value: alt }];
  if (hasField(node.url) || /\{\{/.test(alt)) {
    ctx.problems.add(hasField(node.url) ? 'field-in-url' : 'field-in-title', line, 'An image holds a merge field.');
    if (hasField(node.url)) return fallback;
  }
  const isHere = /^http:\/\/(?:localhost|127\.0\.0\.1)[:/]/i.test(node.url);
  if (isHere) ctx.problems.add('image-on-this-machine', line, `The image ${quoted(node.url)} is on this machine.`);
  if ((!isHere && !/^https:\/\//i.test(node.url)) || !URL.canParse(node.url)) {
    ctx.problems.add('image-not-https', line, `The image ${quoted(node.url)} is not on an https address.`);
    return fallback;
  }
  if (alt === '') ctx.problems.add('image-without-alt', line, `The image ${quoted(node.url)} has no description.`);
  const { width, height } = (node.data ?? {}) as { width?: number; height?: number };
  return [{ type: 'image', url: node.url, alt, title: node.title || undefined, width, height }];
}

/** Neighbouring texts as one, empty ones gone. */
function joined(inlines: Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const inline of inlines) {
    const previous = result.at(-1);
    if (inline.type === 'text' && inline.value === '') continue;
    if (inline.type === 'text' && previous?.type === 'text')
      result[result.length - 1] = { type: 'text', value: previous.value + inline.value };
    else result.push(inline);
  }
  return result;
}

/**
 * What the source of a publication's own template may say: Handlebars with `#if`, `#each`, and the values and partials that the built-in
 * template of the same name uses, each escaped as it is there. So it can reach nothing else, call nothing, and never call itself.
 */
import Handlebars from 'handlebars';
import type { TemplateName } from '../../model/template-names.ts';
import { stylesOf } from '../styles.ts';
import { themeOf } from '../theme.ts';
import { words } from '../words.ts';
import { type Flaw, TemplateInvalid } from './flaw.ts';
import { lineMark } from './marks.ts';

type Program = hbs.AST.Program;
type Path = hbs.AST.PathExpression;

/** What a built-in template uses. */
export interface Vocabulary {
  /** Values written as text, and as HTML. */
  escaped: Set<string>;
  raw: Set<string>;
  /** Values asked for by `#if`, and gone through by `#each`. */
  asked: Set<string>;
  lists: Set<string>;
  partials: Set<string>;
}

/** A value that is written is at most so often in the source, whatever branch: the output stays in proportion to the issue. */
const mostUses = 6;

/** What may stand after `@s.`, `@w.`, `@c.`. */
const shared: Record<string, ReadonlySet<string>> = {
  s: new Set(Object.keys(stylesOf(themeOf('#000000'), 'en'))),
  w: plainWords(),
  c: plainWords(),
};

function plainWords(): Set<string> {
  return new Set(Object.entries(words.en).flatMap(([name, word]) => (typeof word === 'string' ? [name] : [])));
}

/** @param source of a template of ours @param sourceOf gives that of a partial in it, whose values are the part's too */
export function vocabularyOf(source: string, sourceOf: (name: string) => string): Vocabulary {
  const found: Vocabulary = {
    escaped: new Set(),
    raw: new Set(),
    asked: new Set(),
    lists: new Set(),
    partials: new Set(),
  };
  const visit: Visit = {
    value: ({ path, escaped }) => (escaped ? found.escaped : found.raw).add(nameOf(path as Path)),
    block: ({ path, params }) => (nameOf(path) === 'each' ? found.lists : found.asked).add(nameOf(params[0] as Path)),
    partial: ({ name }) => {
      const partial = (name as Path).original;
      found.partials.add(partial);
      walk(Handlebars.parse(sourceOf(partial)), visit);
    },
    other: () => {},
  };
  walk(Handlebars.parse(source), visit);
  return found;
}

/**
 * @returns the template, to be compiled, with the line of each tag marked in it (marks.ts) when `isMarked`
 * @throws TemplateInvalid
 */
export function readTemplate(name: TemplateName, source: string, known: Vocabulary, isMarked: boolean): Program {
  const program = parse(name, source);
  const uses = new Map<string, number>();
  const refuse = (flaw: Flaw, what: string, node: hbs.AST.Node): never => {
    throw new TemplateInvalid(name, flaw, what, node.loc.start.line);
  };
  walk(program, {
    value: node => {
      const path = plainPath(node, node.path, refuse);
      if (node.params.length > 0 || node.hash) refuse('helper', path.original, node);
      if (path.data) {
        if (!isShared(path)) refuse('name', path.original, node);
        if (!node.escaped) refuse('escaped', path.original, node);
        return;
      }
      const value = nameOf(path);
      if (!known.escaped.has(value) && !known.raw.has(value)) refuse('name', value, node);
      if (node.escaped && !known.escaped.has(value)) refuse('raw', value, node);
      if (!node.escaped && !known.raw.has(value)) refuse('escaped', value, node);
      uses.set(value, (uses.get(value) ?? 0) + 1);
      if (uses.get(value)! > mostUses) refuse('often', value, node);
    },
    block: (node, inEach) => {
      const helper = String(node.path.original);
      const [given, ...more] = node.params;
      if (node.path.type !== 'PathExpression' || node.path.data) refuse('helper', helper, node);
      if (!['if', 'each'].includes(helper) || !given || more.length > 0 || node.hash) refuse('helper', helper, node);
      if (node.program?.blockParams?.length > 0) refuse('helper', 'as |…|', node);
      const path = plainPath(node, given!, refuse);
      if (path.data) {
        if (helper === 'each' || !['first', 'last'].includes(path.parts.join('.'))) refuse('name', path.original, node);
        return;
      }
      const value = nameOf(path);
      if (helper === 'each' && inEach) refuse('nested', `#each ${value}`, node);
      const isKnown =
        helper === 'each'
          ? known.lists.has(value)
          : [known.asked, known.lists, known.escaped, known.raw].some(names => names.has(value));
      if (!isKnown) refuse('name', value, node);
    },
    partial: (node, inEach) => {
      const partial = node.name.type === 'PathExpression' ? (node.name as Path).original : '(…)';
      if (!known.partials.has(partial) || node.params.length > 0 || node.hash) refuse('partial', partial, node);
      if (inEach) refuse('nested', partial, node);
    },
    other: node => refuse('helper', node.type, node),
    content: node => {
      if (/\{\{|\}\}/.test(node.value)) refuse('braces', '', node);
      if (isMarked) node.value = marked(node);
    },
  });
  return program;
}

function parse(name: TemplateName, source: string): Program {
  try {
    return Handlebars.parse(source);
  } catch (error) {
    const { message, lineNumber } = error as Error & { lineNumber?: number };
    const line = lineNumber ?? (Number(/line (\d+)/.exec(message)?.[1]) || 1);
    // The parser draws the place and names its own tokens; a person is helped by the line.
    if (/^Parse error|^Lexical error/.test(message)) throw new TemplateInvalid(name, 'unfinished', '', line);
    throw new TemplateInvalid(name, 'syntax', message.replace(/ - \d+:\d+$/, ''), line);
  }
}

/** A path by name: no literal, no `helper` called by a subexpression. */
function plainPath(
  node: hbs.AST.Node,
  path: hbs.AST.Expression,
  refuse: (flaw: Flaw, what: string, node: hbs.AST.Node) => never,
): Path {
  if (path.type !== 'PathExpression') refuse('helper', path.type, node);
  return path as Path;
}

/** `this.style` and `../style` are the value `style`: what stands around it is not told apart. */
function nameOf({ parts = ['?'] }: Path): string {
  return parts.join('.') || 'this';
}

function isShared({ parts, depth }: Path): boolean {
  const [group = '', name = '', ...more] = parts;
  if (depth > 0 || more.length > 0) return false;
  return name === '' ? group === 'index' : Object.hasOwn(shared, group) && shared[group]!.has(name);
}

/** The content with each `<` after a mark of its line. Whitespace at its ends may be gone from `value`, never a line between. */
function marked({ value, original, loc }: hbs.AST.ContentStatement): string {
  const whole = String(original);
  const first = loc.start.line + linesIn(whole.slice(0, Math.max(0, whole.indexOf(value))));
  return value.replace(/</g, (_, at: number) => `${lineMark(first + linesIn(value.slice(0, at)))}<`);
}

const linesIn = (text: string) => text.split('\n').length - 1;

interface Visit {
  value: (node: hbs.AST.MustacheStatement, inEach: boolean) => void;
  block: (node: hbs.AST.BlockStatement, inEach: boolean) => void;
  partial: (node: hbs.AST.PartialStatement, inEach: boolean) => void;
  /** Anything that templates do without. */
  other: (node: hbs.AST.Statement) => void;
  content?: (node: hbs.AST.ContentStatement) => void;
}

function walk(program: Program, visit: Visit, inEach = false): void {
  for (const node of program.body) {
    if (node.type === 'MustacheStatement') visit.value(node as hbs.AST.MustacheStatement, inEach);
    else if (node.type === 'PartialStatement') visit.partial(node as hbs.AST.PartialStatement, inEach);
    else if (node.type === 'ContentStatement') visit.content?.(node as hbs.AST.ContentStatement);
    else if (node.type === 'BlockStatement') {
      const block = node as hbs.AST.BlockStatement;
      visit.block(block, inEach);
      const isEach = inEach || nameOf(block.path) === 'each';
      // Without a body, as {{^if x}}…{{/if}} has it, or without an else, these are not there.
      if (block.program) walk(block.program, visit, isEach);
      if (block.inverse) walk(block.inverse, visit, isEach);
    } else if (node.type !== 'CommentStatement') visit.other(node);
  }
}

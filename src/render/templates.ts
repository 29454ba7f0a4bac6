/**
 * Our own Handlebars templates, read and compiled once, and a publication's in place of some of them (own/). Nothing else is ever compiled:
 * an issue's text is data to them. Strict: a template that names something the view lacks throws instead of printing nothing.
 */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { type OwnTemplates, type TemplateName, templateNames } from '../model/template-names.ts';
import { type OwnPart, type Partial, writePart } from './own/part.ts';
import { readTemplate, type Vocabulary, vocabularyOf } from './own/source.ts';

const root = new URL('../../templates/', import.meta.url);
const options = { strict: true, preventIndent: true, knownHelpersOnly: true } as const;

/** @param shared what every partial may name: `@s` styles, `@w` and `@c` words. */
type Template = (view: object, shared?: Record<string, unknown>) => string;

interface Templates {
  /** The document before `<body>`, as HTML. */
  head: Template;
  /**
   * The body, as MJML, with a partial per section type (`sections/`) and per piece of the frame (`frame/`).
   * Throws TemplateInvalid when one of the publication's own does not hold what it must.
   */
  issue: Template;
  /** The body of a letter, as HTML. */
  letter: Template;
}

/** Partials that no publication replaces. */
const fixed = ['frame/footer'] as const;

interface BuiltIn extends Templates {
  engine: typeof Handlebars;
  partials: Record<string, Partial>;
  vocabularies: Map<TemplateName, Vocabulary>;
}

let compiled: BuiltIn | undefined;

/** A newsroom has a few publications; while somebody types, each pause makes another set. */
const mostSets = 16;
const sets = new Map<string, Templates>();

/**
 * The templates of a publication.
 * @throws TemplateInvalid for an own one whose source cannot be used
 */
export function templates(own: OwnTemplates = {}): Templates {
  compiled ??= load();
  const sources = templateNames.flatMap(name => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  if (sources.length === 0) return compiled;
  const key = JSON.stringify(sources);
  const set = sets.get(key) ?? replaced(compiled, sources);
  // The one unused longest goes first.
  sets.delete(key);
  sets.set(key, set);
  if (sets.size > mostSets) sets.delete(sets.keys().next().value!);
  return set;
}

/** Source of a template of ours. */
export function builtInTemplate(name: TemplateName): string {
  return sourceOf(name);
}

/** What a template of this name may use. */
export function vocabulary(name: TemplateName): Vocabulary {
  compiled ??= load();
  return compiled.vocabularies.get(name)!;
}

const sourceOf = (name: string) => readFileSync(new URL(`${name}.hbs`, root), 'utf8');

function load(): BuiltIn {
  const engine = Handlebars.create();
  const vocabularies = new Map(templateNames.map(name => [name, vocabularyOf(sourceOf(name), sourceOf)]));
  // Compiled with the partial's own options: a partial given as text would take the caller's, not strict everywhere.
  const partials = Object.fromEntries(
    [...templateNames, ...fixed].map(name => [name, engine.compile(sourceOf(name), options) as Partial]),
  );
  const whole = (name: string): Template => {
    const run = engine.compile(sourceOf(name), options);
    return (view, shared = {}) => run(view, { data: shared, partials });
  };
  return {
    head: whole('layouts/head'),
    issue: whole('layouts/issue'),
    letter: whole('transactional/letter'),
    engine,
    partials,
    vocabularies,
  };
}

function replaced(builtIn: BuiltIn, sources: readonly (readonly [TemplateName, string])[]): Templates {
  const { engine, vocabularies } = builtIn;
  const parts = sources.map(([name, source]): OwnPart => {
    const known = vocabularies.get(name)!;
    const compile = (isMarked: boolean) =>
      engine.compile(readTemplate(name, source, known, isMarked), options) as Partial;
    return {
      name,
      own: compile(false),
      traced: compile(true),
      builtIn: builtIn.partials[name]!,
      known,
      partials: builtIn.partials,
    };
  });
  const partials = {
    ...builtIn.partials,
    ...Object.fromEntries(
      parts.map(part => [part.name, ((context, given) => writePart(part, context, given)) satisfies Partial]),
    ),
  };
  const issue = engine.compile(sourceOf('layouts/issue'), options);
  return {
    head: builtIn.head,
    issue: (view, shared = {}) => issue(view, { data: shared, partials }),
    letter: builtIn.letter,
  };
}

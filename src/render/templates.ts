/**
 * Our own Handlebars templates, read and compiled once. Nothing else is ever compiled: an issue's text is data to them.
 * Strict: a template that names something the view lacks throws instead of printing nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

const root = new URL('../../templates/', import.meta.url);
const options = { strict: true, preventIndent: true, knownHelpersOnly: true } as const;

/** @param shared what every partial may name: `@s` styles, `@w` and `@c` words. */
type Template = (view: object, shared?: Record<string, unknown>) => string;

interface Templates {
  /** The document before `<body>`, as HTML. */
  head: Template;
  /** The body, as MJML, with a partial per section type (`sections/`) and per piece of the frame (`frame/`). */
  issue: Template;
  /** The body of a letter, as HTML. */
  letter: Template;
}

let compiled: Templates | undefined;

export function templates(): Templates {
  compiled ??= load();
  return compiled;
}

function load(): Templates {
  const engine = Handlebars.create();
  for (const folder of ['sections', 'frame']) {
    for (const file of readdirSync(fileURLToPath(new URL(folder, root)))) {
      if (!file.endsWith('.hbs')) continue;
      // Compiled with the partial's own options: a partial given as text would take the caller's, not strict everywhere.
      const name = `${folder}/${file.slice(0, -'.hbs'.length)}`;
      engine.registerPartial(name, engine.compile(readFileSync(new URL(`${folder}/${file}`, root), 'utf8'), options));
    }
  }
  const whole = (name: string): Template => {
    const run = engine.compile(readFileSync(new URL(`${name}.hbs`, root), 'utf8'), options);
    return (view, shared = {}) => run(view, { data: shared });
  };
  return { head: whole('layouts/head'), issue: whole('layouts/issue'), letter: whole('transactional/letter') };
}

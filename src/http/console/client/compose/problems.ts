/** What compose found: marked at its lines, and listed to go there. */
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import type { Problem } from '../../../../model/issue.ts';
import { goToLine } from './editor.ts';
import { cloneOf, element, fill } from './page.ts';
import type { ComposePage } from './types.ts';

/** @param toText brings the text into sight, before it is gone to a line of it */
export function showProblems(
  page: ComposePage,
  view: EditorView,
  problems: readonly Problem[],
  toText: () => void,
): void {
  const { words } = page;
  const { doc } = view.state;
  const diagnostics = problems.flatMap((problem): Diagnostic[] => {
    if (problem.line < 1 || problem.line > doc.lines) return [];
    const { from, to } = doc.line(problem.line);
    return [{ from, to, severity: problem.severity, message: `${problem.message} ${problem.help}` }];
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
  const errors = problems.filter(problem => problem.severity === 'error').length;
  const count = element('w-count');
  count.hidden = problems.length === 0;
  count.textContent = String(problems.length);
  count.classList.toggle('error', errors > 0);
  element('w-found').textContent = [
    errors > 0 ? fill(words.errors!, { n: errors }) : '',
    problems.length > errors ? fill(words.problems!, { n: problems.length - errors }) : '',
    problems.length === 0 ? words.noProblems! : '',
  ]
    .filter(Boolean)
    .join(' · ');
  element('w-problems').replaceChildren(...problems.map(problem => row(page, view, problem, toText)));
}

function row(page: ComposePage, view: EditorView, problem: Problem, toText: () => void): HTMLElement {
  const item = document.createElement('li');
  item.className = problem.severity;
  const button = document.createElement('button');
  button.type = 'button';
  button.append(cloneOf(`w-problem-${problem.severity}`));
  const text = document.createElement('span');
  text.textContent = problem.message;
  const where = document.createElement('small');
  where.textContent = problem.line > 0 ? fill(page.words.line!, { n: problem.line }) : page.words.whole!;
  const help = document.createElement('small');
  help.textContent = problem.help;
  text.append(where, help);
  button.append(text);
  button.addEventListener('click', () => {
    if (problem.line === 0) return;
    toText();
    goToLine(view, problem.line);
  });
  item.append(button);
  return item;
}

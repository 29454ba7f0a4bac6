/** The page of a template: numbers beside its lines, and what is typed tried and shown in the sample after a pause. */
import { call, Refused } from './lib/server.ts';

const form = document.querySelector<HTMLFormElement>('#template');
const source = document.querySelector<HTMLTextAreaElement>('#source');
const frame = document.querySelector<HTMLIFrameElement>('#mail');
const numbers = document.querySelector<HTMLElement>('#numbers');
const said = document.querySelector<HTMLElement>('#source-problem');
const jump = document.querySelector<HTMLButtonElement>('#to-line');
/** Milliseconds after the last key. */
const pause = 250;

interface Tried {
  html?: string;
  problem?: { text: string; line?: number };
}

if (form && source && frame && numbers && said && jump) {
  const { dataset } = form;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStale = false;
  let isChanged = false;
  let html = '';

  const count = () => {
    const lines = source.value.split('\n').length;
    numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join('\n');
    numbers.scrollTop = source.scrollTop;
  };

  /** Into the document that the frame has: its place stays. Nothing in it runs, the frame's policy forbids it. */
  const show = () => {
    const inner = frame.contentDocument;
    if (!inner?.documentElement || inner.URL === 'about:blank' || html === '') return;
    const { scrollTop } = inner.documentElement;
    inner.documentElement.innerHTML = html;
    inner.documentElement.scrollTop = scrollTop;
  };

  const say = ({ problem }: Tried) => {
    const line = problem?.line;
    const at = (words = '') => words.replace('0', String(line));
    said.textContent = problem
      ? `${line ? at(dataset.line) : ''}${problem.text} ${dataset.stale ?? ''}`
      : (dataset.fits ?? '');
    said.classList.toggle('settings-fits', !problem);
    if (problem) source.setAttribute('aria-invalid', 'true');
    else source.removeAttribute('aria-invalid');
    jump.hidden = !line;
    jump.textContent = at(dataset.toLine);
    jump.dataset.line = String(line ?? '');
  };

  const attempt = async (): Promise<void> => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    isStale = false;
    try {
      const tried = await call<Tried>(dataset.try ?? '', { source: source.value });
      say(tried);
      if (tried.html) {
        html = tried.html;
        show();
      }
    } catch (error) {
      // Without a connection the last one stays; storing says what is wrong.
      if (error instanceof Refused) say({ problem: { text: dataset.failed ?? error.message } });
    } finally {
      isAsking = false;
    }
    if (isStale) await attempt();
  };

  source.addEventListener('input', () => {
    isChanged = true;
    count();
    clearTimeout(timer);
    timer = setTimeout(() => void attempt(), pause);
  });
  source.addEventListener('scroll', () => {
    numbers.scrollTop = source.scrollTop;
  });
  jump.addEventListener('click', () => {
    const line = Number(jump.dataset.line);
    const lines = source.value.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    source.focus();
    source.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
    source.scrollTop = (source.scrollHeight / lines.length) * Math.max(0, line - 5);
  });
  frame.addEventListener('load', show);
  form.addEventListener('submit', () => {
    isChanged = false;
  });
  addEventListener('beforeunload', event => {
    if (isChanged) event.preventDefault();
  });
  count();
}

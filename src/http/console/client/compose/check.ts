/** The panel of findings beside a text. The server draws it, so that it says the same as the page without a script. */
import { EditorView } from '@codemirror/view';
import { call } from '../lib/server.ts';
import { wirePanel } from './panel.ts';
import { words } from './words.ts';

const pauseMs = 500;
/** DNS answers come a moment later. */
const againMs = 3000;
const mostAgain = 3;

interface Answer {
  panel: string;
  blocking: number;
  report: { domain: { state: 'asked' | 'known' } };
}

/**
 * @param options.url of `call('/manuscripts/:id/check.json')` @param options.view where findings lead to
 * @returns `update` is told each text, as often as it likes; it looks when the typing pauses
 */
export function mountCheck(
  host: HTMLElement,
  options: { url: string; view: EditorView },
): { update(source: string): void } {
  const { url, view } = options;
  let source = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;
  let again = 0;
  const panel = wirePanel(host, { url, source: () => source, jump: line => jumpTo(view, line) });

  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    panel.busy(true);
    try {
      const answer = await call<Answer>(url, { source }, AbortSignal.any([signal, AbortSignal.timeout(20_000)]));
      if (signal.aborted) return;
      panel.show(answer.panel);
      if (answer.report.domain.state === 'asked' && again < mostAgain) {
        again++;
        timer = setTimeout(look, againMs);
      } else again = 0;
    } catch {
      if (!signal.aborted) panel.fail(words().checkFailed);
    } finally {
      if (!signal.aborted) panel.busy(false);
    }
  };
  return {
    update(text) {
      if (text === source && host.childElementCount > 0) return;
      const isFirst = source === '' && host.childElementCount === 0;
      source = text;
      clearTimeout(timer);
      timer = setTimeout(look, isFirst ? 0 : pauseMs);
    },
  };
}

function jumpTo(view: EditorView, number: number): void {
  const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  view.dispatch({
    selection: { anchor: line.from, head: line.to },
    effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
  });
  view.focus();
}

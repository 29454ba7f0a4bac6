/** The history of a manuscript: an older text against the one of now. */
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { looks } from './compose/editor.ts';
import { pageData } from './lib/server.ts';

const { old, now, nonce, label } = pageData<{ old: string; now: string; nonce: string; label: string }>('history');
const parent = document.getElementById('diff');

if (parent && old !== now) {
  new EditorView({
    parent,
    state: EditorState.create({
      doc: now,
      extensions: [
        ...looks(nonce, document.documentElement.lang),
        lineNumbers(),
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': label ?? '', role: 'document', tabindex: '0' }),
        unifiedMergeView({ original: old, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } }),
      ],
    }),
  });
} else if (parent) parent.hidden = true;

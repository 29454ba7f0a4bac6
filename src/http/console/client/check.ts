/** On the page of a text's findings: its buttons. */
import { wirePanel } from './compose/panel.ts';

const host = document.querySelector<HTMLElement>('[data-check]');
if (host) wirePanel(host, { url: host.dataset.check ?? '', source: () => undefined });

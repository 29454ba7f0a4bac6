/** An issue's page: its progress as it moves, and the rest of the page anew when its state changes. */

const part = document.querySelector<HTMLElement>('#issue-live');

/** The page's main part, as the server shows it now. */
async function anew(): Promise<void> {
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = page.querySelector('#issue');
  // A parser without scripts takes what is in them for elements: the refresh would begin.
  for (const element of now?.querySelectorAll('noscript') ?? []) element.remove();
  if (now) document.querySelector('#issue')?.replaceWith(document.adoptNode(now));
}

if (part?.dataset.live) {
  const source = new EventSource(part.dataset.live);
  source.addEventListener('part', event => {
    const live = document.querySelector('#issue-live');
    // Of our own server's making, escaped there like the page itself.
    if (live) live.innerHTML = (event as MessageEvent<string>).data;
  });
  source.addEventListener('state', () => void anew().catch(() => location.reload()));
  window.addEventListener('pagehide', () => source.close());
}

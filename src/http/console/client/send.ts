/** The way to a send: times in the reader's own zone, and the choices kept in the address, so that nothing is lost by going back. */

/** Writes a moment in this browser's zone beside the one in the publication's, unless they are the same. */
function ownTimes(): void {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const element of document.querySelectorAll<HTMLElement>('[data-own]:empty')) {
    const { at, zone, own: word } = element.dataset;
    if (!at || zone === own) continue;
    const time = new Date(at).toLocaleString(document.documentElement.lang, {
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    element.textContent = ` · ${word}: ${time}`;
  }
}

const form = document.querySelector<HTMLFormElement>('#send-form');

function keepChoices(): void {
  if (!form) return;
  const query = new URLSearchParams(new FormData(form) as never).toString();
  history.replaceState(null, '', `${location.pathname}?${query}`);
  for (const input of document.querySelectorAll<HTMLInputElement>('input[data-wish]')) input.value = query;
}

form?.addEventListener('input', keepChoices);
document.addEventListener('htmx:after:swap', () => {
  ownTimes();
  keepChoices();
});
ownTimes();

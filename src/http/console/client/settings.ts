/** A publication's form: the colour picker beside its text, and the preview that follows what is typed. */

const form = document.querySelector<HTMLFormElement>('#publication');
const frame = document.querySelector<HTMLIFrameElement>('iframe[data-preview]');
/** Milliseconds after the last key. */
const pause = 250;

for (const picker of document.querySelectorAll<HTMLInputElement>('input[data-colour-of]')) {
  const text = document.getElementById(picker.dataset.colourOf ?? '') as HTMLInputElement | null;
  if (!text) continue;
  picker.hidden = false;
  picker.addEventListener('input', () => {
    text.value = picker.value;
    text.dispatchEvent(new Event('input', { bubbles: true }));
  });
  text.addEventListener('input', () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
  });
}

/** What the preview can show. */
function query(fields: HTMLFormElement): string {
  const wanted = /^(?:name|description|language|from\.name|brand\.accent|texts\..*)$/;
  const typed = [...new FormData(fields)].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && wanted.test(entry[0]),
  );
  return new URLSearchParams(typed).toString();
}

if (form && frame) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = query(form);
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const next = query(form);
      if (next === shown) return;
      shown = next;
      frame.src = `${frame.dataset.preview}?${next}`;
    }, pause);
  });
  let isChanged = false;
  form.addEventListener('input', () => {
    isChanged = true;
  });
  form.addEventListener('submit', () => {
    isChanged = false;
  });
  addEventListener('beforeunload', event => {
    if (isChanged) event.preventDefault();
  });
}

export {};

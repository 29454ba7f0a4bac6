/** Buttons that copy what stands beside them: `data-copy`; the button says `data-copied` for a moment. */

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy ?? '');
    } catch {
      // Over plain http there is no clipboard: the text is marked, to be copied by hand.
      button.parentElement?.querySelector('input, textarea')?.dispatchEvent(new Event('focus'));
      button.parentElement?.querySelector<HTMLInputElement>('input, textarea')?.select();
      return;
    }
    button.textContent = button.dataset.copied ?? label;
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

export {};

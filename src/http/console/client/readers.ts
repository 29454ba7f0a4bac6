/** Uploads a file to be imported, in parts: each is a request of its own, tried again, so that a slow line or a lost one costs a part. */
import { call, Refused, send } from './lib/server.ts';

const form = document.querySelector<HTMLFormElement>('#upload');
const state = document.querySelector<HTMLElement>('#upload-state');
const tries = 4;

async function sendPart(path: string, part: Blob): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send(path, part);
      return;
    } catch (error) {
      if (error instanceof Refused || attempt === tries) throw error;
      await new Promise(resolve => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

async function upload(path: string, publication: number, file: File, tell: (share: number) => void): Promise<string> {
  const { id, partBytes } = await call<{ id: number; partBytes: number }>(`${path}/new`, {
    publication,
    name: file.name,
  });
  const parts = Math.max(1, Math.ceil(file.size / partBytes));
  for (let number = 0; number < parts; number++) {
    await sendPart(`${path}/${id}/parts/${number}`, file.slice(number * partBytes, (number + 1) * partBytes));
    tell((number + 1) / parts);
  }
  return (await call<{ to: string }>(`${path}/${id}/uploaded`, {})).to;
}

form?.addEventListener('submit', async event => {
  event.preventDefault();
  const file = form.querySelector<HTMLInputElement>('#file')?.files?.[0];
  const publication = Number(form.querySelector<HTMLSelectElement>('#publication')?.value);
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
  const path = form.dataset.path;
  if (!file || !publication || !path || !state) return;
  if (button) button.disabled = true;
  const say = (text: string) => {
    state.textContent = text;
  };
  try {
    if (file.size > 100 * 1_048_576) throw new Error(form.dataset.large);
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
    location.href = await upload(path, publication, file, share =>
      say(`${form.dataset.uploading} ${percent.format(share)}`),
    );
  } catch (error) {
    const help = error instanceof Refused && typeof error.body.help === 'string' ? ` ${error.body.help}` : '';
    say(`${error instanceof Error ? error.message : error}${help}`);
    if (button) button.disabled = false;
  }
});

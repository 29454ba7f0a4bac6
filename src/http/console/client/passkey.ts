/** Passkeys: the login page's button, and the form that adds one. Both are hidden where the browser has none. */
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { call, Refused } from './lib/server.ts';

const trouble = document.getElementById('passkey-trouble');

/** Shows why it did not work; that somebody changed their mind is no trouble. */
function show(error: unknown): void {
  if (!trouble || (error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError'))) return;
  trouble.textContent = error instanceof Refused || error instanceof Error ? error.message : String(error);
  trouble.hidden = false;
}

async function logIn(button: HTMLButtonElement): Promise<void> {
  const path = `${location.pathname}/passkey`;
  const optionsJSON = await call<Parameters<typeof startAuthentication>[0]['optionsJSON']>(`${path}/options`, {});
  const answer = await startAuthentication({ optionsJSON });
  const { to } = await call<{ to: string }>(path, { answer, next: button.dataset.next });
  location.assign(to);
}

async function add(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  const path = form.dataset.path ?? '';
  const optionsJSON = await call<Parameters<typeof startRegistration>[0]['optionsJSON']>(`${path}/options`, {
    own: fields.get('own'),
  });
  const made = await startRegistration({ optionsJSON });
  const { to } = await call<{ to: string }>(`${path}/add`, { made, name: fields.get('name') });
  location.assign(to);
}

/** Runs once at a time, however often it is pressed. */
function pressed(work: () => Promise<void>, button: HTMLButtonElement | null): void {
  if (button?.disabled) return;
  if (button) button.disabled = true;
  if (trouble) trouble.hidden = true;
  work()
    .catch(show)
    .finally(() => {
      if (button) button.disabled = false;
    });
}

if (browserSupportsWebAuthn()) {
  const button = document.querySelector<HTMLButtonElement>('#passkey-login');
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => pressed(() => logIn(button), button));
  }
  const form = document.querySelector<HTMLFormElement>('#passkey-add');
  if (form) {
    form.hidden = false;
    form.addEventListener('submit', event => {
      event.preventDefault();
      pressed(() => add(form), form.querySelector('button'));
    });
  }
}

/** A browser of a few lines: keeps the cookie, fills the token of forms. */
import type { Hono } from 'hono';

export const origin = 'https://news.example.org';

export class Browser {
  readonly #app: Hono;
  readonly #headers: Record<string, string>;
  cookie = '';
  /** The Set-Cookie of the last answer that had one of the session. */
  setCookie = '';

  constructor(app: Hono, headers: Record<string, string> = {}) {
    this.#app = app;
    this.#headers = { 'accept-language': 'en', ...headers };
  }

  async request(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const headers = { ...this.#headers, ...(this.cookie ? { cookie: this.cookie } : {}), ...init.headers };
    const answer = await this.#app.request(origin + path, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      if (!/^(__Host-)?broadsheet=/.test(line)) continue;
      this.setCookie = line;
      this.cookie = line.split(';')[0]!;
    }
    return answer;
  }

  async page(path: string): Promise<string> {
    return (await this.request(path)).text();
  }

  /** Opens the page with the form, fills it and sends it to where it says. */
  async submit(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = { origin },
  ): Promise<Response> {
    const page = await this.page(path);
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? path;
    return this.post(action, { token, ...fields }, headers);
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = { origin }): Promise<Response> {
    const body = new URLSearchParams(fields).toString();
    return this.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  login(email: string, password: string, path = '/console/login'): Promise<Response> {
    return this.submit(path, { email, password });
  }
}

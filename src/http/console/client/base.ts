/** On every page of the console: htmx for parts of pages that change, with the form's token. */
import htmx from 'htmx.org';
import { formToken } from './lib/server.ts';

document.addEventListener('htmx:config:request', event => {
  const { ctx } = (event as CustomEvent<{ ctx: { request: { headers: Record<string, string> } } }>).detail;
  ctx.request.headers['x-form-token'] = formToken();
});

export { htmx };

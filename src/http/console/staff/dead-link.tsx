/** A link that leads nowhere: the same page whether it was used, is over, or never was. */
import type { Console, ConsoleContext } from '../context.ts';
import { Alone, Message, sendPage } from '../layout.tsx';
import { staffWords } from './words.ts';

export function deadLink(c: ConsoleContext, site: Console, why: string): Response | Promise<Response> {
  return sendPage(
    c,
    <Alone c={c} site={site} title={staffWords(c).deadTitle}>
      <Message>{why}</Message>
      <p class="after">
        <a class="button" href={`${site.base}/console/login`}>
          {staffWords(c).toLogin}
        </a>
      </p>
    </Alone>,
    404,
  );
}

export function tooManyTries(c: ConsoleContext, site: Console, minutes: number): Response | Promise<Response> {
  c.header('retry-after', String(minutes * 60));
  const words = c.get('words');
  return sendPage(
    c,
    <Alone c={c} site={site} title={words.notDone}>
      <Message>{words.tooMany(minutes)}</Message>
    </Alone>,
    429,
  );
}

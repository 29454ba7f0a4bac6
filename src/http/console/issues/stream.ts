/** GET /console/issues/:id/live: the progress of an issue as it moves, as server-sent events (HTML Living Standard, 9.2). */

import { streamSSE } from 'hono/streaming';
import type { Console, ConsoleContext } from '../context.ts';
import { idOf } from '../routes.ts';
import { liveOf, turnOf } from './live.ts';
import { progressHtml } from './progress.tsx';

/** The browser asks again by itself after that. */
const longestMs = 10 * 60_000;
/** Of a process: who comes later watches by loading the page again. */
const mostStreams = 200;
let streams = 0;

export function liveStream(c: ConsoleContext, site: Console): Response | Promise<Response> {
  const id = idOf(c);
  // 204 tells a browser not to ask again.
  if (id === undefined || streams >= mostStreams) return c.body(null, 204);
  // A proxy that collects answers would hold them back.
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async stream => {
    streams++;
    let end = () => {};
    const over = new Promise<void>(resolve => {
      end = resolve;
    });
    const timer = setTimeout(end, longestMs);
    timer.unref();
    let last = '';
    // Of the page that asks: it may have been drawn a moment before something changed.
    let turn = c.req.query('of') ?? '';
    let writing = Promise.resolve();
    const leave = liveOf(site.wiring).watch(id, look => {
      // One after the other: a slow reader must not get an older look after a newer one.
      writing = writing.then(async () => {
        const html = await progressHtml(c, look);
        if (html !== last) await stream.writeSSE({ event: 'part', data: html });
        if (turn && turn !== turnOf(look)) await stream.writeSSE({ event: 'state', data: look.issue.state });
        last = html;
        turn = turnOf(look);
      }, end);
      writing.catch(end);
    });
    stream.onAbort(end);
    try {
      await over;
    } finally {
      clearTimeout(timer);
      leave();
      streams--;
    }
  });
}

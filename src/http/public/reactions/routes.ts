/** The routes of likes on the web, comments and sharing. GET and HEAD change nothing. */
import { Hono } from 'hono';
import type { Site } from '../reader.ts';
import { commentPage, pressComment } from './comment.tsx';
import { commentsPage } from './comments-page.tsx';
import { pressQuiet, quietPage } from './quiet.tsx';
import { pressShare, readerSharePage, sharePage } from './share-page.tsx';
import { pressWebLike, webLikePage } from './web-like.tsx';
import { WebLikes } from './web-likes.ts';

export function reactionRoutes(site: Site): Hono {
  const likes = new WebLikes(site);
  return new Hono()
    .get('/p/:slug/:issue/like', c => webLikePage(c, site, likes))
    .post('/p/:slug/:issue/like', c => pressWebLike(c, site, likes))
    .get('/p/:slug/:issue/comments', c => commentsPage(c, site))
    .get('/p/:slug/:issue/share', c => sharePage(c, site))
    .get('/r/:token/comment', c => commentPage(c, site))
    .post('/r/:token/comment', c => pressComment(c, site))
    .get('/r/:token/share', c => readerSharePage(c, site))
    .post('/r/:token/share', c => pressShare(c, site))
    .get('/r/:token/quiet', c => quietPage(c, site))
    .post('/r/:token/quiet', c => pressQuiet(c, site));
}

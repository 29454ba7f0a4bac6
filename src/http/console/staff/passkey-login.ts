/** Logging in by passkey: the device checks its owner (PIN, finger, face), so that no second factor is asked for after it. */
import { z } from 'zod';
import { findPasskey, putChallenge, takeChallenge, usePasskey } from '../../../db/passkeys.ts';
import { clientIp } from '../../client-ip.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { windowMinutes } from '../limits.ts';
import { isFormToken, openSession, safeNext, sessionId } from '../sessions.ts';
import { noteLogin } from './note.ts';
import { base64url, challengeKey, credentialShape, rpOf, webAuthn } from './passkey-rp.ts';
import { triesOf } from './tries.ts';
import { staffWords } from './words.ts';

/** As the browser makes it (WebAuthn §5.1, AuthenticationResponseJSON). */
const answerSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});
const bodySchema = z.object({ answer: answerSchema, next: z.string().max(500).optional() });

/** Whether this call is one of our own login page. @returns the refusal */
async function refusal(c: ConsoleContext, site: Console): Promise<Response | undefined> {
  if (!isFormToken(c, site, c.req.header('x-form-token'))) return c.json({ error: c.get('words').formOld }, 403);
  if (await triesOf(site).passkey(clientIp(c))) return undefined;
  return c.json({ error: c.get('words').tooMany(windowMinutes) }, 429);
}

export async function passkeyOptions(c: ConsoleContext, site: Console): Promise<Response> {
  const refused = await refusal(c, site);
  if (refused) return refused;
  const { id } = rpOf(site);
  // Names nobody: the device offers what it has, and the answer says whose it is.
  const { generateAuthenticationOptions } = await webAuthn();
  const options = await generateAuthenticationOptions({ rpID: id, userVerification: 'required' });
  await putChallenge(site.wiring.sql, challengeKey(sessionId(c, site)!, 'login'), options.challenge);
  return c.json(options);
}

export async function passkeyLogin(c: ConsoleContext, site: Console): Promise<Response> {
  const refused = await refusal(c, site);
  if (refused) return refused;
  const words = staffWords(c);
  const parsed = bodySchema.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success) return c.json({ error: c.get('words').formWrong }, 400);
  const { answer, next } = parsed.data;
  const { sql } = site.wiring;
  const challenge = await takeChallenge(sql, challengeKey(sessionId(c, site)!, 'login'));
  const known = await findPasskey(sql, answer.id);
  if (challenge === undefined || !known) return c.json({ error: words.passkeyRefused }, 403);
  const { id, origin } = rpOf(site);
  const { verifyAuthenticationResponse } = await webAuthn();
  const verified = await verifyAuthenticationResponse({
    response: answer,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    credential: { id: answer.id, publicKey: known.publicKey, counter: known.counter },
  }).catch(() => undefined);
  if (!verified?.verified || !(await usePasskey(sql, answer.id, verified.authenticationInfo.newCounter)))
    return c.json({ error: words.passkeyRefused }, 403);
  await openSession(c, site, known.staff);
  await noteLogin(site, known.staff, 'passkey');
  return c.json({ to: safeNext(site, next) });
}

/** What readers write back, through Postfix: an answer to the newsletter, and the mail by which a mail program leaves it. */
import { createTransport } from 'nodemailer';
import { type Act, until } from './acts.ts';
import { byMailauth } from './checks.ts';
import { domains, type Reader } from './readers.ts';
import { editor, type Room } from './room.ts';

export async function letters(room: Room): Promise<Act> {
  const [answering, leaving] = room.readers.filter(({ kind }) => kind.copies === 1) as [Reader, Reader];
  const transport = createTransport({ host: '127.0.0.1', port: room.postfix.port, ignoreTLS: true });
  const startedAt = performance.now();
  const message = (await room.mailboxes.files(leaving.address))[0]!.toString('latin1').replace(/\r?\n[ \t]+/g, ' ');
  const leaveBy = /^List-Unsubscribe:.*<mailto:([^?>]+)/im.exec(message)?.[1] ?? '';
  const text = '잘 읽었어요. 다음 호도 기다릴게요.';
  await transport.sendMail({ from: leaving.address, to: leaveBy, subject: 'unsubscribe', text: '' });
  const news = `news@${domains.from}`;
  await transport.sendMail({ from: answering.address, to: news, subject: 'Re: first', text });
  transport.close();
  const mails = () => room.mailboxes.files(editor);
  await until('the answer reaches the editor', async () => (await mails()).length > 0);
  const stateNow = () => subscriptionOf(room, leaving.address);
  await until('the reader has left', async () => (await stateNow()) === 'unsubscribed');
  const seconds = (performance.now() - startedAt) / 1000;
  const got = await mails();
  const isForwarded = got.length === 1 && /^X-Broadsheet-Forwarded:/im.test(got[0]!.toString('latin1'));
  const stays = await subscriptionOf(room, answering.address);
  const signed = await byMailauth(room, [{ ...answering, address: editor }]);
  return {
    what: 'readers write back',
    seconds,
    checks: [
      {
        what: 'an answer to From lies in the editor’s Maildir, once',
        looked: 1,
        problems: isForwarded ? [] : ['not so'],
      },
      { ...signed, what: `${signed.what}: the forwarded mail` },
      {
        what: 'the mail program’s unsubscribe mail ends that subscription alone',
        looked: 2,
        problems: stays === 'active' ? [] : [`who answered is ${stays}`],
      },
    ],
  };
}

async function subscriptionOf({ wiring }: Room, address: string): Promise<string | undefined> {
  const [row] = await wiring.sql<{ state: string }[]>`
    select state from subscriptions n join subscribers s on s.id = n.subscriber_id where s.email = ${address}`;
  return row?.state;
}

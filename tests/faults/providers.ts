/** F14: one mailbox provider refuses everybody for now, while the others' readers go on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, rowOf } from './rows.ts';

const providerDown = 'gmail.com';

export const provider: Fault = {
  id: 'F14',
  name: 'one provider all 4xx',
  run: async (stage, scale) => {
    const send = await stage.send({
      readers: scale.readers,
      domains: [providerDown, 'naver.com', ...Array<string>(8).fill('example.net')],
    });
    const theirs = send.addresses.filter(address => address.endsWith(`@${providerDown}`));
    stage.relay.script.hook = at =>
      at.step === 'rcpt' && at.to.endsWith(`@${providerDown}`) ? '451 4.7.650 too much mail, try later' : undefined;
    await send.untilTaken(send.addresses.length - theirs.length);
    await sleep(2000);
    const { accepted, queued, sending, deferred, state } = await send.status();
    const waiting = queued + sending + deferred;
    const problems = [
      ...(accepted === send.addresses.length - theirs.length ? [] : [`${accepted} of the others accepted`]),
      ...(waiting === theirs.length && state === 'sending' ? [] : [`${waiting} of ${theirs.length} wait; ${state}`]),
      ...(deferred > 0 ? [] : ['nobody was deferred']),
    ];
    stage.relay.script.hook = undefined;
    return [
      await rowOf('F14', stage, send, {
        what: 'Gmail all 451 until the others are done, then well again',
        open: 0,
        // A lane that was told to slow down wins its rate back by and by (rule 1.9).
        deadlineMs: 600_000,
        also: judgement => [...problems, ...(judgement.accepted === scale.readers ? [] : ['not all accepted'])],
      }),
    ];
  },
};

/** Alerts in plain words, Korean and English: what happened, what to do. */
import type { AlertKind } from './kinds.ts';

export type Language = 'ko' | 'en';
type Detail = Record<string, string | number>;

interface Words {
  /** One line. */
  title: (d: Detail) => string;
  /** One or two sentences. */
  what: (d: Detail) => string;
  /** Commands stand in lines of their own. */
  todo: (d: Detail) => string;
}

const en: Record<AlertKind, Words> = {
  'issue-stalled': {
    title: d => `Issue ${d.issue} stands still`,
    what: d => `Nothing has moved for ${d.minutes} minutes, and readers are still waiting.`,
    todo: d => `broadsheet status ${d.issue}\nbroadsheet doctor\nThen look at the workers’ logs.`,
  },
  'issue-held': {
    title: d => `Issue ${d.issue} is held`,
    what: d => `It goes on only when a person says so. The reason: ${d.reason}`,
    todo: d => `Mend the cause, then one of the two:\nbroadsheet resume ${d.issue}\nbroadsheet cancel ${d.issue}`,
  },
  'unknown-rows': {
    title: d => `Issue ${d.issue}: ${d.rows} readers may or may not have it`,
    what: d => `The relay’s answer was lost for ${d.rows} of ${d.audience} readers. Nothing is sent twice by itself.`,
    todo: d =>
      `broadsheet ledger ${d.issue} --state unknown\nTo send it to them again: broadsheet resend ${d.issue} --state unknown --yes`,
  },
  'lane-slowed': {
    title: d => `Lane ${d.lane} has been slowed for ${d.minutes} minutes`,
    what: d => `The mailbox provider asks for less: ${d.reply}`,
    todo: () =>
      'Usually nothing: it grows back. When it lasts, lower its limits in LANES_FILE and look at:\nbroadsheet doctor',
  },
  'relay-trouble': {
    title: d => `Relay ${d.relay} cannot be used`,
    what: d => `It says: ${d.words}`,
    todo: () => 'Check the relay and its login:\nbroadsheet doctor',
  },
  'redis-away': {
    title: () => 'Redis does not answer',
    what: d => `Nothing is sent meanwhile; nothing is lost. The error: ${d.error}`,
    todo: () => 'Start it again, or correct REDIS_URL:\nbroadsheet doctor',
  },
  'redis-settings': {
    title: d => `Redis: ${d.setting} is ${d.value}`,
    what: d => `It must be ${d.wanted}. Otherwise queued work may vanish, and sending pauses until it is found again.`,
    todo: d => `redis-cli CONFIG SET ${d.setting} ${d.wanted}\nand the same in its configuration file.`,
  },
  'redis-emptied': {
    title: () => 'Redis was emptied',
    what: () =>
      'All its keys are gone. No reader is lost: Postgres knows. Lanes that were slowed start at full rate again.',
    todo: () => 'Look for what did it: a restart without appendonly, FLUSHALL, another program with the same database.',
  },
  'no-worker': {
    title: d => `No ${d.role} process is alive`,
    what: d => `None has given a sign of life for ${d.seconds} s. ${d.effect}`,
    todo: d => `broadsheet work --only ${d.name}\nor restart the service that runs the workers.`,
  },
  'queue-age': {
    title: d => `Work waits in queue ${d.queue}`,
    what: d => `The oldest job has waited for ${d.minutes} minutes.`,
    todo: () => 'Start more workers, or look at why they are busy:\nbroadsheet doctor',
  },
  'disk-full': {
    title: d => `The disk of ${d.host} is nearly full`,
    what: d => `${d.percent} % of DATA_DIR’s disk is used, ${d.freeMb} MB are free. When it is full, Postgres stops.`,
    todo: () => 'Make room, or make the disk larger.',
  },
  'webhook-disabled': {
    title: d => `Webhook ${d.id} (${d.host}) is disabled`,
    what: d =>
      d.reason === 'gone'
        ? 'It answered 410 Gone: it wants nothing more.'
        : 'It took nothing for five days. What waited for it is dropped.',
    todo: d =>
      `When it works again: broadsheet webhook enable ${d.id}\nWhen it is not needed: broadsheet webhook remove ${d.id}`,
  },
};

const ko: Record<AlertKind, Words> = {
  'issue-stalled': {
    title: d => `${d.issue} 호 발송이 멈춰 있어요`,
    what: d => `${d.minutes}분 동안 아무것도 나가지 않았고, 아직 기다리는 독자가 있어요.`,
    todo: d => `broadsheet status ${d.issue}\nbroadsheet doctor\n그다음 작업 프로세스의 로그를 봐 주세요.`,
  },
  'issue-held': {
    title: d => `${d.issue} 호가 보류됐어요`,
    what: d => `사람이 정해야 이어져요. 이유: ${d.reason}`,
    todo: d => `원인을 고친 뒤 둘 중 하나를 실행해 주세요.\nbroadsheet resume ${d.issue}\nbroadsheet cancel ${d.issue}`,
  },
  'unknown-rows': {
    title: d => `${d.issue} 호: 독자 ${d.rows}명이 받았는지 알 수 없어요`,
    what: d =>
      `독자 ${d.audience}명 중 ${d.rows}명에 대한 릴레이의 응답을 받지 못했어요. 저절로 두 번 보내지는 않아요.`,
    todo: d =>
      `broadsheet ledger ${d.issue} --state unknown\n다시 보내려면: broadsheet resend ${d.issue} --state unknown --yes`,
  },
  'lane-slowed': {
    title: d => `${d.lane} 레인이 ${d.minutes}분째 느려져 있어요`,
    what: d => `메일 사업자가 속도를 줄여 달라고 해요: ${d.reply}`,
    todo: () => '대개는 저절로 회복돼요. 오래가면 LANES_FILE의 한도를 낮추고 다음을 확인해 주세요.\nbroadsheet doctor',
  },
  'relay-trouble': {
    title: d => `릴레이 ${d.relay}을(를) 쓸 수 없어요`,
    what: d => `받은 응답: ${d.words}`,
    todo: () => '릴레이와 로그인을 확인해 주세요.\nbroadsheet doctor',
  },
  'redis-away': {
    title: () => 'Redis가 응답하지 않아요',
    what: d => `그동안 발송은 멈추지만 잃는 것은 없어요. 오류: ${d.error}`,
    todo: () => 'Redis를 다시 켜거나 REDIS_URL을 고쳐 주세요.\nbroadsheet doctor',
  },
  'redis-settings': {
    title: d => `Redis 설정: ${d.setting} 값이 ${d.value}예요`,
    what: d =>
      `${d.wanted}(이)어야 해요. 그렇지 않으면 대기 중인 작업이 사라질 수 있고, 다시 찾을 때까지 발송이 멈춰요.`,
    todo: d => `redis-cli CONFIG SET ${d.setting} ${d.wanted}\n설정 파일에도 똑같이 적어 주세요.`,
  },
  'redis-emptied': {
    title: () => 'Redis가 비워졌어요',
    what: () =>
      '모든 키가 사라졌어요. Postgres에 기록이 있으므로 빠지는 독자는 없어요. 느려졌던 레인은 원래 속도로 다시 시작해요.',
    todo: () =>
      '무엇이 비웠는지 찾아 주세요. appendonly 없이 재시작했거나, FLUSHALL이거나, 같은 데이터베이스를 쓰는 다른 프로그램일 수 있어요.',
  },
  'no-worker': {
    title: d => `살아 있는 ${d.role} 프로세스가 없어요`,
    what: d => `${d.seconds}초 동안 신호가 없어요. ${d.effect}`,
    todo: d => `broadsheet work --only ${d.name}\n또는 작업 프로세스를 돌리는 서비스를 다시 시작해 주세요.`,
  },
  'queue-age': {
    title: d => `${d.queue} 큐에 일이 밀려 있어요`,
    what: d => `가장 오래된 작업이 ${d.minutes}분째 기다려요.`,
    todo: () => '작업 프로세스를 늘리거나, 왜 바쁜지 확인해 주세요.\nbroadsheet doctor',
  },
  'disk-full': {
    title: d => `${d.host}의 디스크가 거의 찼어요`,
    what: d => `DATA_DIR 디스크의 ${d.percent} %를 썼고 ${d.freeMb} MB가 남았어요. 가득 차면 Postgres가 멈춰요.`,
    todo: () => '공간을 비우거나 디스크를 늘려 주세요.',
  },
  'webhook-disabled': {
    title: d => `웹훅 ${d.id}(${d.host})이(가) 꺼졌어요`,
    what: d =>
      d.reason === 'gone'
        ? '410 Gone으로 응답했어요. 더는 받지 않겠다는 뜻이에요.'
        : '닷새 동안 한 번도 받지 않았어요. 기다리던 메시지는 버려요.',
    todo: d => `다시 동작하면: broadsheet webhook enable ${d.id}\n필요 없으면: broadsheet webhook remove ${d.id}`,
  },
};

const words: Record<Language, Record<AlertKind, Words>> = { en, ko };

/** What stands still without a process of this role. */
const effects: Record<Language, Record<string, string>> = {
  en: {
    'plan-issue': 'Issues do not begin.',
    'deliver-batch': 'Nothing is sent.',
    'record-events': 'Clicks of machines are counted late.',
    tick: 'Scheduled issues do not begin, waiting readers are not tried again, issues do not close.',
    'send-webhooks': 'Webhooks wait.',
    intake: 'Bounces and replies are not taken.',
  },
  ko: {
    'plan-issue': '새 호의 발송이 시작되지 않아요.',
    'deliver-batch': '메일이 나가지 않아요.',
    'record-events': '기계가 누른 클릭이 늦게 걸러져요.',
    tick: '예약된 호가 시작되지 않고, 기다리는 독자에게 다시 보내지 않으며, 발송이 마무리되지 않아요.',
    'send-webhooks': '웹훅이 기다려요.',
    intake: '반송과 답장을 받지 못해요.',
  },
};

export interface Said {
  title: string;
  what: string;
  todo: string;
}

export function say(language: Language, kind: AlertKind, detail: Detail): Said {
  const { title, what, todo } = words[language][kind];
  const full = { ...detail, effect: effects[language][String(detail.role)] ?? '' };
  return { title: title(full), what: what(full), todo: todo(full) };
}

const frame = {
  en: {
    opened: '[Trouble]',
    reminder: '[Still in trouble]',
    closed: '[Over]',
    since: (at: string) => `Since ${at}.`,
    until: (from: string, to: string) => `From ${from} to ${to}. It is over; nothing is to be done.`,
    todo: 'What to do:',
    ack: (id: number) => `To hear no more of it until it is over: broadsheet alerts ack ${id}`,
    all: 'All that is open: broadsheet alerts',
  },
  ko: {
    opened: '[문제]',
    reminder: '[계속되는 문제]',
    closed: '[해결]',
    since: (at: string) => `${at}부터예요.`,
    until: (from: string, to: string) => `${from}부터 ${to}까지였어요. 끝났으므로 할 일은 없어요.`,
    todo: '할 일:',
    ack: (id: number) => `끝날 때까지 더 알리지 않으려면: broadsheet alerts ack ${id}`,
    all: '열려 있는 문제 모두 보기: broadsheet alerts',
  },
} as const;

/** A time as people read it; in UTC, since those who read it may be anywhere. */
const shown = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A whole message. */
export function messageText(
  language: Language,
  what: 'opened' | 'reminder' | 'closed',
  alert: { id: number; kind: AlertKind; detail: Detail; openedAt: Date; closedAt: Date | null },
): { subject: string; text: string } {
  const said = say(language, alert.kind, alert.detail);
  const f = frame[language];
  const lines =
    what === 'closed'
      ? [said.title, said.what, '', f.until(shown(alert.openedAt), shown(alert.closedAt ?? alert.openedAt))]
      : [said.title, said.what, f.since(shown(alert.openedAt)), '', f.todo, said.todo, '', f.ack(alert.id), f.all];
  return { subject: `${f[what]} ${said.title}`, text: `${lines.join('\n')}\n` };
}

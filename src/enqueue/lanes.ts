/** Mailbox domains → lane. A lane is one provider's readers: what slows it must not slow the others (rule 1.9). */
const providers: Record<string, string[]> = {
  google: ['gmail.com', 'googlemail.com'],
  naver: ['naver.com'],
  kakao: ['daum.net', 'hanmail.net', 'kakao.com'],
  microsoft: ['outlook.com', 'outlook.kr', 'hotmail.com', 'hotmail.co.kr', 'live.com', 'live.co.kr', 'msn.com'],
  yahoo: ['yahoo.com', 'yahoo.co.jp', 'yahoo.co.kr', 'ymail.com', 'aol.com'],
  apple: ['icloud.com', 'me.com', 'mac.com'],
  nate: ['nate.com', 'empas.com'],
};

export const laneOfDomain: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(providers).flatMap(([lane, domains]) => domains.map(domain => [domain, lane])),
);

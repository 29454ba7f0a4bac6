/** Korean words of `doctor`. */
import type { KeyTrouble } from '../personalise/dkim-keys.ts';
import type { DoctorWords, FindingWords, RelayTrouble, SpfProblem } from './words-en.ts';

const publish = (record: string) => ['DNS에 이렇게 올려 주세요:', record];
const keepOne = (record: string) => ['하나만 남겨 주세요:', record];
const dmarc = (record: string, at: string | undefined) => `${record}${at === undefined ? '' : ` (${at}의 레코드)`}`;
const spf = (record: string, lookups: number, most: number) => `${record} (조회 ${lookups}번, 한도 ${most}번)`;
const until = (days: number | undefined) => (days === undefined ? '' : `, 인증서가 ${days}일 남았어요`);
const server = (version: string, isEmbedded: boolean) => `${version}${isEmbedded ? ' (내장)' : ''}`;
const room = (us: number, now: number, need: number) =>
  `쓸 수 있는 연결 ${us}개 중 ${now}개가 열려 있고, 프로세스들은 많으면 ${need}개를 써요`;
const disk = (free: string, total: string, isEmbedded: boolean) =>
  `DATA_DIR의 ${total} 중 ${free}가 비어 있어요${isEmbedded ? '. Postgres의 자료도 여기에 있어요' : ''}`;
const apart = (seconds: number) => `차이가 ${seconds < 0.1 ? '0.1초보다 작아요' : `${seconds.toFixed(1)}초예요`}`;
const latency = (ms: number) => `답까지 ${ms.toFixed(1)} ms`;
const reverseName = (to: string) =>
  `IP 주소를 준 곳에서 역방향 이름을 정해요(서버 호스팅의 “reverse DNS” 설정). ${to} 정해 주세요.`;
const mailServer = (record: string) => ['메일 서버의 이름으로 바꾸어 DNS에 올려 주세요:', record];

const names: DoctorWords['names'] = {
  relays: () => '릴레이',
  'sending-domains': () => '발송 도메인',
  'sending-domain': domain => `발송 도메인 ${domain}`,
  addresses: () => 'IP 주소와 반송',
  machine: () => '서버 컴퓨터',
  settings: () => '설정',
  'postgres-and-redis': () => 'Postgres와 Redis',

  key: () => '키',
  'key-file': () => '키 파일',
  publication: () => '간행물',
  'tls-of': relay => `${relay} 암호화(TLS)`,
  'spf-of': domain => `${domain}의 SPF`,
  'spf-names-us': () => 'SPF에 든 우리 릴레이',
  alignment: () => 'DMARC 일치',
  'ptr-of': ip => `${ip}의 PTR`,
  'mx-of': domain => `${domain}의 MX`,
  version: () => '버전',
  durability: () => '기록 보존',
  autovacuum: () => '자동 정리(autovacuum)',
  'time-zone': () => '시간대',
  connections: () => '연결',
  pooler: () => '풀러',
  server: () => '버전',
  eviction: () => '메모리가 찼을 때',
  memory: () => '메모리',
  persistence: () => '디스크 기록',
  latency: () => '응답 시간',
  'clock-of': of => `${of ?? '웹 서버'}의 시계`,
  disk: () => '디스크',
  'web-server': () => '웹 서버',
};

const spfProblems: Record<SpfProblem['kind'], (about: string, domain: string) => string> = {
  term: (about, domain) => `${domain}의 “${about}” 항목은 SPF 문법에 없어요`,
  address: (about, domain) => `${domain}의 “${about}” 항목은 주소가 아니에요`,
  'include-of-nothing': (_, domain) => `${domain}의 include에 도메인이 빠졌어요`,
  'include-none': (about, domain) => `${domain}에서 include한 ${about}에 SPF 레코드가 없어요`,
  'include-several': (about, domain) => `${domain}에서 include한 ${about}에 SPF 레코드가 여러 개예요`,
};

const relayAdvice: Record<RelayTrouble, string> = {
  certificate:
    '릴레이의 인증서가 이 이름에 맞지 않아요. 인증서에 있는 이름을 SMTP_URL에 쓰거나 인증서를 새로 받아 주세요. tls=opportunistic으로 두면 인증서를 확인하지 않고 보내요.',
  login: 'SMTP_URL의 사용자와 비밀번호를 확인해 주세요. 그 안의 %는 %25로 써요.',
  silent:
    '아무 답이 없어요. 25번 포트를 막는 호스팅이 많고 587번을 막는 곳도 있어요. smtps://로 465번이나 2525번을 써 보거나 호스팅에 물어봐 주세요.',
  unknown: '호스트 이름을 찾을 수 없어요. SMTP_URL을 확인해 주세요.',
  other: 'SMTP_URL의 호스트, 포트, 사용자, 비밀번호, ?tls=를 확인해 주세요.',
};

const keyTroubles: Record<KeyTrouble, (about: string) => string> = {
  domain: about => `DKIM_DOMAIN의 “${about}” 값은 도메인 이름이 아니에요`,
  'not-rsa': about => `${about} 키예요. DKIM_PRIVATE_KEY_FILE에는 RSA 키가 필요해요`,
  'too-short': about => `RSA 키가 ${about}비트예요. 받는 쪽은 1024비트보다 짧은 키를 거절해요`,
  'not-ed25519': about => `${about} 키예요. DKIM_ED25519_PRIVATE_KEY_FILE에는 Ed25519 키가 필요해요`,
  'same-selector': about => `두 DKIM 키의 선택자(${about})가 같아요. 서로 달라야 해요`,
  selector: about => `선택자 “${about}”에는 영문자, 숫자, 하이픈, 점만 쓸 수 있어요`,
  'no-public': about => `키에서 공개 키를 만들 수 없어요: ${about}`,
  unreadable: about => `키 파일을 읽을 수 없어요: ${about}`,
  passphrase: () => '키가 암호로 잠겨 있어요. DKIM에는 잠기지 않은 키가 필요해요',
  'not-pem': about => `파일에 든 것이 PEM 비밀 키가 아니에요${about === '' ? '' : ` (${about})`}`,
  unparsable: about => `비밀 키를 해석할 수 없어요: ${about}`,
};

const findings: FindingWords = {
  'relay-unset': () => [
    '정하지 않아서 아무것도 보낼 수 없어요',
    'SMTP_URL을 정해 주세요. 예: smtp://user:password@relay.example:587',
  ],
  'relay-away': (words, trouble) => [`연결하지 못했어요: ${words}`, relayAdvice[trouble]],
  'relay-takes': (isLoggedIn, offers) => [
    `${isLoggedIn ? '로그인을 받아 주었어요' : '로그인 없이 답해요'}. ${
      offers.length > 0 ? `지원하는 확장: ${offers.join(', ')}` : '우리가 쓰는 확장은 하나도 없어요'
    }`,
  ],
  'relay-one-by-one': () => [
    'PIPELINING을 지원하지 않아요',
    '보낼 수는 있지만 한 통마다 세 번을 더 오가요. 지원하는 릴레이를 써 주세요.',
  ],
  'relay-small': (octets, largest) => [
    `한 통에 ${octets}바이트까지 받는데, 긴 이슈는 ${largest}바이트가 될 수 있어요`,
    '릴레이의 한도를 올려 주세요(Postfix: message_size_limit).',
  ],
  'relay-ascii': () => ['SMTPUTF8을 지원하지 않아요. 주소의 @ 앞에 ASCII가 아닌 글자가 있는 독자는 빠져요'],
  'tls-needless': () => ['암호화하지 않아요. 릴레이가 이 컴퓨터에 있어서 괜찮아요'],
  'tls-none': () => [
    '암호화하지 않아요. 가는 길에 메일과 로그인을 누가 읽을 수 있어요',
    'smtps://를 쓰거나 ?tls=off를 빼 주세요.',
  ],
  'tls-unverified': protocol => [
    `${protocol}. 그런데 믿을 수 있는 기관이 보증한 인증서가 아니에요`,
    '누군가 가는 길에서 릴레이인 척할 수 있어요. 이름에 맞는 인증서와 ?tls=require를 써 주세요.',
  ],
  'tls-ends': (protocol, days) => [
    `${protocol}${until(days)}`,
    '인증서를 새로 받아 주세요. 끝나는 날부터 보낼 수 없어요.',
  ],
  'tls-good': (protocol, days) => [`${protocol}${until(days)}`],

  'key-none': () => [
    '키가 없어 메일에 서명하지 못해요. 큰 메일 서비스는 서명 없는 메일을 거절해요',
    '하나 만들어 주세요:',
    'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem',
    'DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY_FILE을 정한 뒤 다시 진단하면, DNS에 올릴 레코드를 알려 드려요.',
  ],
  'key-unusable': (trouble, about) => [
    keyTroubles[trouble](about),
    'DKIM_PRIVATE_KEY_FILE이 2048비트 RSA 키의 PEM 파일을 가리키게 해 주세요.',
  ],
  'key-short': bits => [
    `DKIM 키가 ${bits}비트예요. 2048비트여야 해요 (RFC 8301)`,
    '새 선택자로 2048비트 키를 만들어 DNS에 올린 뒤 바꾸어 주세요.',
  ],
  'key-good': (bits, hasEd25519) => [`RSA ${bits}비트${hasEd25519 ? ', Ed25519' : ''}`],
  'published-none': record => ['올라온 키가 없어 서명을 확인할 수 없어요', ...publish(record)],
  'published-several': (n, record) => [`레코드가 ${n}개라 받는 쪽이 틀린 것을 고를 수 있어요`, ...keepOne(record)],
  'published-revoked': record => ['올라온 키가 폐기된 것으로 되어 있어요 (p=가 비었어요)', ...publish(record)],
  'published-other': (bits, record) => [
    `다른 키가 올라와 있어${bits === undefined ? '' : `(RSA ${bits}비트)`} 서명이 맞지 않아요`,
    ...publish(record),
  ],
  'published-kind': (kind, record) => [`k=${kind}: 우리 키와 종류가 달라요`, ...publish(record)],
  'published-hash': (hashes, record) => [`h=${hashes}: sha256을 허락하지 않아요`, ...publish(record)],
  'published-trial': record => ['t=y라서 받는 쪽이 서명 없는 메일로 봐요', ...publish(record)],
  'published-same': () => ['올라온 키가 우리 키와 같아요'],

  'dns-silent': code => [
    `DNS가 답하지 않았어요 (${code})`,
    'DNS가 되는 곳에서 다시 진단하거나, DNS_SERVERS에 이름 서버를 적어 주세요.',
  ],
  'dns-endless': () => ['레코드가 너무 많은 곳으로 이어져 다 확인하지 못했어요', 'SPF 레코드를 줄여 주세요.'],
  'publication-unknown': slug => [
    `짧은 이름이 ${slug}인 간행물이 없어요`,
    '이렇게 만들어 주세요: broadsheet publication FILE.yaml',
  ],
  'publication-none': () => ['아직 없어요. 이렇게 만들 수 있어요: broadsheet publication FILE.yaml'],
  'dkim-foreign': (keys, domain) => [
    `DKIM_DOMAIN(${keys})이 보내는 주소의 도메인(${domain})과 달라 이슈가 멈춰요`,
    `${domain}의 키를 만들어 DKIM_DOMAIN=${domain} 설정을 쓰거나, 보내는 주소를 바꾸어 주세요.`,
  ],

  'spf-none': record => ['레코드가 없어요', ...publish(record)],
  'spf-several': (n, record) => [`레코드가 ${n}개라 받는 쪽이 모두 무시해요`, '하나로 합쳐 주세요:', record],
  'spf-lookups': most => [
    `조회가 ${most}번을 넘어 받는 쪽이 잘못된 레코드로 봐요`,
    '이제 보내지 않는 서비스의 include를 빼거나, 주소를 ip4:와 ip6:로 직접 적어 주세요.',
  ],
  'spf-broken': problems => [
    problems.map(({ kind, about, domain }) => spfProblems[kind](about, domain)).join('. '),
    '레코드를 고쳐 주세요. 지금은 받는 쪽이 잘못된 레코드로 봐요.',
  ],
  'spf-everybody': (record, lookups, most, stricter) => [
    `${spf(record, lookups, most)}: 누구나 보낼 수 있게 되어 있어요`,
    ...publish(stricter),
  ],
  'spf-voids': (n, most) => [`없는 이름이 ${n}개 들어 있어요. ${most}개까지만 괜찮아요`, '없는 이름을 빼 주세요.'],
  'spf-unsaid': (record, lookups, most, stricter) => [
    `${spf(record, lookups, most)}: 다른 곳에서 보낸 메일을 어떻게 할지 정하지 않았어요`,
    ...publish(stricter),
  ],
  'spf-good': (record, lookups, most) => [spf(record, lookups, most)],
  'spf-forbids': (ips, domain, record) => [
    `${ips.join(', ')}에서는 ${domain}의 메일을 보낼 수 없게 되어 있어요`,
    ...publish(record),
  ],
  'spf-covers': who => [who.join(', ')],
  'spf-unnamed': (domain, host, isKnown, record) => [
    `${domain}의 SPF가 ${host}에서 보내는 것을 허락하지 않는 것 같아요`,
    `릴레이가 자기 반송 주소를 쓰지 않는다면 ${isKnown ? '' : '릴레이 회사가 안내한 값을 '}DNS에 올려 주세요${isKnown ? '' : '. 예'}:`,
    record,
  ],

  'dmarc-none': record => ['레코드가 없어요. 큰 메일 서비스는 없으면 대량 메일을 거절해요', ...publish(record)],
  'dmarc-several': (n, record) => [`레코드가 ${n}개라 받는 쪽이 모두 무시해요`, ...keepOne(record)],
  'dmarc-no-policy': (found, at, record) => [`${dmarc(found, at)}: 정책(p=)이 없어요`, ...publish(record)],
  'dmarc-no-reports': (found, at, domain) => [
    dmarc(found, at),
    `rua=가 없으면 누가 이 도메인으로 보내는지 알 수 없어요. 더해 주세요: rua=mailto:dmarc@${domain}`,
  ],
  'dmarc-watching': (found, at) => [`${dmarc(found, at)}. 보고서가 깨끗해지면 p=quarantine으로 위조를 막을 수 있어요`],
  'dmarc-good': (found, at) => [dmarc(found, at)],
  aligned: (signing, returns) => [
    `서명은 ${signing}${returns === undefined ? '의 것이에요' : `, 반송 주소는 ${returns}의 것이에요`}`,
  ],
  'aligned-strictly': (domain, signing) => [
    `adkim=s라서 ${domain} 자신의 서명이 필요한데, 우리 서명은 ${signing}의 것이에요`,
    `DKIM_DOMAIN=${domain} 설정을 쓰거나 DNS에 adkim=r로 올려 주세요.`,
  ],
  'aligned-not': domain => [
    `서명도 반송 주소도 ${domain}의 것이 아니에요`,
    `${domain}의 키로 서명해 주세요 (DKIM_DOMAIN).`,
  ],
  'aligned-by-path': (domain, returns) => [
    `반송 주소(${returns})만 일치해서, 전달된 메일은 통과하지 못해요`,
    `${domain}의 키로 서명해 주세요 (DKIM_DOMAIN).`,
  ],
  'bimi-none': () => ['레코드가 없어요. 있으면 몇몇 받은편지함에서 메일 옆에 로고가 보여요'],
  'bimi-declined': record => [`${record}: 로고를 보이지 않기로 되어 있어요`],
  'bimi-logo': (logo, record) => [`l=${logo}: https로 시작하는 SVG 주소가 아니에요`, ...publish(record)],
  'bimi-proof': () => ['a=의 값이 https 주소가 아니에요', 'a=에 인증서의 https 주소를 적어 주세요.'],
  'bimi-policy': () => [
    'DMARC 정책을 강제해야 받은편지함이 로고를 보여 줘요',
    'DNS에 p=quarantine이나 p=reject를 올리고 pct=는 빼 주세요.',
  ],
  'bimi-good': record => [record],

  'ptr-theirs': () => ['릴레이 회사의 주소에서 보내요. 역방향 이름도 그 회사가 맡아요'],
  'ptr-unseen': () => [
    '릴레이가 이 컴퓨터에 있는데, 여기서는 공인 주소를 알 수 없어요',
    'SENDING_IPS에 메일이 나가는 주소를 적어 주세요.',
  ],
  'ptr-none': () => [
    '역방향 이름이 없어요. 큰 메일 서비스는 이런 주소의 메일을 거절해요',
    reverseName('mail.여러분의-도메인처럼'),
  ],
  'ptr-lost': (name, record) => [`역방향 이름(${name})이 이 주소로 돌아오지 않아요`, ...publish(record)],
  'ptr-made': name => [`${name}: 집 인터넷처럼 주소로 만든 이름이에요`, reverseName('여러분의 도메인에 있는 이름으로')],
  'ptr-good': name => [`${name}, 되돌아오는 것도 맞아요`],
  'mx-needless': () => ['메일을 받는 곳도 BOUNCE_DOMAIN도 없어요. 반송은 웹훅으로 오거나 오지 않아요'],
  'mx-null': record => ['메일을 받지 않는다는 MX라서 반송이 돌아오지 않아요', ...mailServer(record)],
  'mx-implicit': (address, record) => [`MX가 없어 도메인 자신의 주소(${address})로 가요`, ...mailServer(record)],
  'mx-none': record => [
    'MX가 없어 반송이 돌아오지 않아요. 메일을 받지 않는 도메인의 메일을 거절하는 곳도 있어요',
    ...mailServer(record),
  ],
  'mx-lost': hosts => [
    `${hosts.join(', ')}의 주소가 없어요`,
    `A 레코드를 DNS에 올려 주세요: ${hosts[0]}. 3600 IN A <address>`,
  ],
  'mx-part-lost': hosts => [`${hosts.join(', ')}의 주소가 없어요`, 'A 레코드를 DNS에 올리거나 MX에서 빼 주세요.'],
  'mx-good': hosts => [hosts.join(', ')],

  'cannot-start': message => [`쓸 수 없어요: ${message}`, '이 설정과 서버를 확인해 주세요.'],

  'postgres-old': (version, isEmbedded) => [server(version, isEmbedded), 'Postgres 15 이상을 써 주세요.'],
  'postgres-encoding': (version, isEmbedded, encoding) => [
    `${server(version, isEmbedded)}. 데이터베이스의 인코딩: ${encoding}`,
    '데이터베이스를 새로 만들어 주세요: create database … encoding UTF8',
  ],
  'postgres-version': (version, isEmbedded) => [server(version, isEmbedded)],
  'durability-off': (off, mend) => [
    `${off.join(', ')} 설정이 꺼져 있어요. 전원이 끊기면 발송 기록을 잃고 독자가 이슈를 두 번 받을 수 있어요`,
    ...mend,
  ],
  'durability-late': mend => [
    'synchronous_commit이 꺼져 있어요. 전원이 끊기면 마지막 순간의 기록을 잃고, 그때의 독자는 이슈를 두 번 받을 수 있어요',
    mend,
  ],
  'durability-good': commit => [`fsync와 full_page_writes가 켜져 있어요. synchronous_commit=${commit}`],
  'autovacuum-on': () => ['켜져 있어요'],
  'autovacuum-off': mend => ['꺼져 있어요. 발송 기록이 부풀고 느려져요', mend],
  'time-zone': zone => [`${zone}. 그래도 날짜는 UTC로 세요`],
  'connections-enough': (us, now, need) => [room(us, now, need)],
  'connections-few': (us, now, need, enough) => [
    room(us, now, need),
    `max_connections를 ${enough} 이상으로 올리거나, 프로세스를 줄이거나, PgBouncer를 사이에 두세요.`,
  ],
  'pooler-untold': words => [`알 수 없어요: ${words}`, '다시 진단해 주세요.'],
  'pooler-none': () => ['트랜잭션 방식의 풀러는 없어요'],
  'pooler-good': prepares => [
    `트랜잭션 방식이에요. ${prepares ? '준비된 문장(prepared statement)도 잘 통해요' : '준비된 문장은 쓰지 않아요 (prepare=off)'}`,
  ],
  'pooler-forgets': () => [
    '준비된 문장(prepared statement)이 풀러에서 사라져요',
    'PgBouncer 1.21 이상에서 max_prepared_statements를 정하거나, DATABASE_URL에 ?prepare=off를 붙여 주세요.',
  ],

  'redis-away': words => [
    `답하지 않아요: ${words}`,
    'REDIS_URL과 Redis가 켜져 있는지 확인해 주세요. Redis가 없으면 발송은 저장된 채 기다려요.',
  ],
  'redis-old': (name, isEmbedded) => [server(name, isEmbedded), 'Redis 7 이상이나 Valkey를 써 주세요.'],
  'redis-version': (name, isEmbedded) => [server(name, isEmbedded)],
  'eviction-none': () => ['maxmemory-policy noeviction: 아무것도 버리지 않아요'],
  'eviction-on': policy => [
    `maxmemory-policy ${policy ?? '?'}: 대기열에 든 일을 버릴 수 있어요`,
    'maxmemory-policy noeviction',
  ],
  'memory-tight': percent => [
    `maxmemory의 ${percent}%를 쓰고 있어요. 가득 차면 발송이 멈춰요`,
    'maxmemory를 올리거나, 다른 무엇이 자리를 쓰는지 찾아 주세요.',
  ],
  'memory-enough': percent => [
    percent === undefined ? '따로 정한 한도가 없어요' : `maxmemory의 ${percent}%를 쓰고 있어요`,
  ],
  'persistence-on': () => ['추가 기록 파일(AOF)을 써요'],
  'persistence-off': () => [
    '추가 기록 파일(AOF)을 쓰지 않아요',
    'appendonly yes',
    '없으면 다시 켤 때 발송이 잠시 쉬어요. 빠지는 독자는 없어요.',
  ],
  'latency-good': ms => [latency(ms)],
  'latency-slow': ms => [latency(ms), '작업 프로세스와 Redis를 가까이 두세요. 한 통을 보낼 때마다 Redis에 물어봐요.'],

  'clock-untold': () => ['시각을 알려 주지 않아요'],
  'clock-silent': words => [`답하지 않아요: ${words}`],
  'clock-near': seconds => [apart(seconds)],
  'clock-apart': seconds => [
    apart(seconds),
    '두 컴퓨터에서 시각 동기화 서비스(systemd-timesyncd, chrony)를 켜 주세요.',
  ],
  'disk-unread': words => [`볼 수 없어요: ${words}`, 'DATA_DIR이 있고 읽을 수 있는지 확인해 주세요.'],
  'disk-enough': (free, total, isEmbedded) => [disk(free, total, isEmbedded)],
  'disk-short': (free, total, isEmbedded) => [
    disk(free, total, isEmbedded),
    `자리를 비우거나 DATA_DIR을 옮겨 주세요. ${isEmbedded ? '디스크가 차면 발송 중에 Postgres가 멈춰요. 독자 백만 명이면 이슈마다 0.5 GB쯤 써요.' : '만들어 둔 키가 여기에 있어요.'}`,
  ],

  'url-local': url => [
    `${url}: 이 컴퓨터에서만 열리는 주소예요`,
    'PUBLIC_URL에 독자가 웹 서버를 여는 주소를 적어 주세요. 예: https://news.example.org',
  ],
  'url-plain': url => [
    `${url}: https가 아니에요. 한 번에 수신거부하려면 https여야 해요 (RFC 8058)`,
    '웹 서버 앞에 TLS 프록시를 두고, PUBLIC_URL을 https://로 바꾸어 주세요.',
  ],
  'url-good': url => [url],
  'web-away': (url, words) => [
    `여기서 ${url}에 닿을 수 없어요: ${words}`,
    '웹 서버를 켜고(broadsheet serve) 프록시, 인증서, DNS를 확인해 주세요.',
  ],
  'web-elsewhere': location => [
    `다른 주소로 보내요${location === undefined ? '' : `: ${location}`}`,
    '마지막에 닿는 주소를 PUBLIC_URL에 적어 주세요. 한 번에 하는 수신거부는 다른 주소로 따라가지 않아요.',
  ],
  'web-other': status => [
    `다른 서버가 답해요 (HTTP ${status})`,
    '프록시가 PUBLIC_URL의 모든 요청을 웹 서버로 넘기게 해 주세요.',
  ],
  'web-good': () => ['우리 웹 서버가 답해요'],
  'secrets-ours': () => ['저절로 만들어 DATA_DIR에 두었어요'],
  'secrets-weak': () => [
    '첫 키를 추측할 수 있어 보여요. 누가 알아내면 아무나 수신거부시킬 수 있어요',
    '새 키를 맨 앞에 두고, 쓰던 키는 그 뒤에 남겨 주세요:',
    'openssl rand -base64 48',
  ],
  'secrets-old-weak': () => [
    '예전 키를 추측할 수 있어 보여요. 그 키로 서명한 링크가 아직 통해요',
    '그 링크가 든 메일을 더는 읽지 않을 때 키를 빼 주세요.',
  ],
  'secrets-good': n => [n === 1 ? '하나예요. 무작위로 보여요' : `${n}개예요. 모두 무작위로 보여요`],
  'key-file-open': file => [`이 컴퓨터의 누구나 ${file} 파일을 읽을 수 있어요`, `chmod 600 ${file}`],
  'key-file-good': file => [`${file} 파일은 우리만 읽을 수 있어요`],
};

export const ko: DoctorWords = { names, findings };

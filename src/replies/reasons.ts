/**
 * What servers say when they refuse, by meaning: for replies in our own session and for reports of others' sessions. The first group with a
 * match wins, so what must never suppress anybody stands before what does: a full mailbox, a block list or a rejected sender is recognised
 * although the same line also says "unknown" (rule 3.5).
 */

export type Reason =
  | 'rate'
  | 'full'
  | 'noMail'
  | 'moved'
  | 'policy'
  | 'content'
  | 'size'
  | 'program'
  | 'unknownHost'
  | 'unknownUser'
  | 'maybeUnknown'
  | 'disabled'
  | 'expired';

/** Matched against one line of text with blanks collapsed and without links: see `oneLine`. */
const reasonTexts: readonly [Reason, readonly RegExp[]][] = [
  [
    'rate',
    [
      /at a rate that/i,
      /(?:too many|excessive) (?:\S{1,30} ){0,3}(?:recipients|users|addresses|connections|messages|e-?mails|concurrent|errors)/i,
      /rate.?limit/i,
      /temporarily deferred/i,
      /exceeded .{0,30}(?:hourly|daily|sending) (?:limit|quota)/i,
      /sending limits?|exceeded (?:the|their|its) (?:\w{1,20} )?limit|frequency limit/i,
    ],
  ],
  [
    'full',
    [
      /\bfull\b.{0,20}(?:mailbox|inbox)/i,
      /(?:mailbox|mail ?folder|inbox|mail ?box|account|maildir|user)\b.{0,40}\b(?:is |are |was )?(?:full|over ?quota|exceeded|over.{0,10}limit)\b/i,
      /over ?quota|quota (?:exceeded|full|violation)|exceed\w*.{0,40}(?:quota|local limit|storage|allocated)|out of (?:storage|disk|quota)|disk quota/i,
      /(?:quota|storage|mailbox size).{0,30}(?:exceed|limit|full)/i,
      /insufficient (?:system )?(?:storage|disk)|not enough (?:storage |disk )?space|no space left/i,
      /mailbox(?:size)? (?:limit|quota)|mailfolder is full|maximum allowed space/i,
      /(?:메일함|편지함|사서함|용량).{0,20}(?:가득|초과|부족)|저장 ?공간/,
      /メールボックス.{0,20}(?:一杯|いっぱい|容量|超過)|容量.{0,10}(?:超|オーバ)/,
      /bo[iî]te.{0,20}pleine|postfach.{0,20}voll|buz[oó]n.{0,20}lleno|ящик.{0,20}переполнен|邮箱.{0,10}(?:已满|满)|空间不足/i,
    ],
  ],
  [
    'noMail',
    [
      /host does not accept mail|domain .{0,60}(?:doe?s ?n[o']t|never) accepts? (?:any )?(?:e-?mail|mail)/i,
      /indicated no smtp service|null ?mx/i,
      /couldn't find a mail exchanger|no mx record found|no mail (?:server|exchanger)s? (?:found )?for/i,
      /\bMX\b.{0,40}(?:all entries |all .{0,30})(?:broken|invalid)/i,
    ],
  ],
  [
    'moved',
    [
      /(?:recipient|user|mailbox|account).{0,20}(?:no longer on (?:this )?server|has moved|moved (?:to|permanently))/i,
      /\bnot our user\b|address (?:has )?changed|has moved to another|no longer (?:valid|in use|with (?:us|the company))/i,
    ],
  ],
  [
    'policy',
    [
      /\bspf\b|\bdkim\b|\bdmarc\b|authentication (?:checks? |information|failed|required)|unauthenticated|pass authentication/i,
      /black ?list|block ?list|\brbl\b|\bdnsbl\b|spamhaus|spamcop|barracudacentral|(?<!not )listed (?:in|on|at|by) /i,
      /\bblocked (?:by|for|using|due(?! to inactiv)|because|ip|message)|message .{0,20}blocked|(?:ip|host|server|domain|connection|sender|mail|address)(?: [\w.[\]-]+)?(?: is| was| has been)? (?:blocked|banned|refused)/i,
      /access denied|recipient preferences|no access from|not (?:authori[sz]ed|allowed|permitted) to (?:send|relay|connect|post)|delivery not authori[sz]ed|network not allowed/i,
      /\bspam|spammy|unsolicited|\bUBE\b|\bUCE\b|junk|bulk (?:e?mail|sender)|suspicious|reputation|complaints?\b/i,
      /polic(?:y|ies)\b|violat|spoof|blocked senders?|administrative(?:ly)? prohibit/i,
      /relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed|prohibited)|no relaying|unable to relay|cannot relay|not relay|open relay|email address is not verified/i,
      /sender (?:address |domain |was |is )?(?:rejected|denied|refused|blocked|invalid|unknown)|domain of sender|sender domain|from:? ?domain|purported|invalid from|bad sender|envelope sender/i,
      /reverse dns|\bptr\b|\brdns\b|mismatches client ip|client host|sending ip|\bhelo\b.{0,40}(?:reject|invalid|mismatch|resolve)|no valid dns/i,
      /greylist|gr[ae]y-?list|use the smtp server of your isp|not accepted for|addresses in from|service refused|domain filter/i,
      /(?:수신|메일|발신).{0,10}(?:거부|차단)|스팸|拒否|受信拒否|拒收|垃圾邮件|banned/i,
    ],
  ],
  [
    'content',
    [
      /\bvirus|malware|infected|phish|content (?:rejected|filter|presents)|message (?:was )?filtered|header error|media error|(?:attachment|file).{0,30}(?:block|reject|not allowed|prohibited|forbidden)|(?:blocked|prohibited|forbidden|dangerous) (?:attachment|file)/i,
    ],
  ],
  [
    'size',
    [
      /message (?:too large|size|exceeds)|too (?:large|big)\b|size limit|exceeds? .{0,30}(?:message|maximum) size|maximum message size|SizeLimit/i,
    ],
  ],
  [
    'program',
    [
      /procmail|couldn't create|mailer error|^x-unix;|internal (?:system )?error|pipe to|command died|system config/i,
      /hop count|too many hops|mail loop|routing loop|loops? back|duplicated message-id|remote protocol error/i,
      /does not support tls|unable to contact ldap|protocol violation|(?:command|sequence) (?:parameter|of commands)/i,
      /malformed or unexpected name server reply|temporary lookup failure|name service error.{0,80}(?:try again|timeout|refused)/i,
    ],
  ],
  [
    'unknownHost',
    [
      /(?:host|domain)(?: name)? (?:is )?(?:unknown|not found|not reachable|does(?: not|n't) exist)|unknown (?:host|domain)|no such (?:host|domain)|bad destination (?:system|host)/i,
      /couldn't find any host named|domain is not reachable|illegal host|host or domain name not found|unrouteable (?:mail )?domain|nxdomain|domain name not found|point to non-?existent hosts|domain \S{1,80} (?:couldn't|could not) be found/i,
      /account or domain may not exist|(?:도메인|호스트).{0,20}(?:찾을 수 없|존재하지)|ドメイン.{0,20}(?:存在|見つ)/i,
    ],
  ],
  // In brackets, a gateway repeats somebody's words without saying at which step they fell; Yahoo says so of accounts that sleep, too.
  ['maybeUnknown', [/\[user unknown\]|doesn't have an? \S{1,80} account/i]],
  [
    'unknownUser',
    [
      /(?:user|recipient|address|mailbox|account|alias|userid|local part)s? (?:\S{1,80} ){0,3}(?:is |was )?(?:unknown|not found|not known|not recogni[sz]ed|not listed|does(?: not|n't) exist|not exist|did not exist|invalid|undefined)/i,
      /(?:unknown|no such|invalid|bad|illegal|nonexistent|non-existent|undeliverable|unrouteable|incorrect) (?:or (?:illegal|unknown|invalid) )?(?:final delivery |local |destination |mailbox |e-?mail |virtual )?(?:user|users|userid|recipient|address|mailbox|account|alias|person|local part|local-part)/i,
      /no (?:mailbox|account|recipient|user|valid recipients?)s? (?:here|by that|with|of that|for|were found)/i,
      /(?:e-?mail )?(?:account|address) .{0,60}(?:does(?: not|n't) exist|could not be found|couldn't be found|n't found|no longer exist)/i,
      /recipient name is not recogni[sz]ed|not listed in (?:public|domino)|RecipNotFound|RecipientNotFound|no such user|user .{0,60}not listed|mailbox (?:for .{0,60})?not found/i,
      /destinataire.{0,20}(?:invalide|inconnu)|empf(?:ä|ae|a)nger.{0,20}(?:unbekannt|nicht)|(?:usuario|destinatario).{0,20}(?:desconocido|no existe)|(?:пользовател|адресат).{0,20}не (?:найден|существует)/i,
      /(?:없는|존재하지 않는|알 수 없는|잘못된) ?(?:사용자|계정|메일|이메일|수신|주소|아이디)|(?:사용자|계정|수신자|주소|아이디|메일함)(?:이|가|을|를|는|은)? ?(?:없|존재하지|찾을 수 없)/,
      /宛先.{0,20}(?:見つか|存在し)|アドレスが(?:見つか|存在)|ユーザ.{0,10}(?:不明|存在し)|用户不存在|收件人不存在|无此用户|查无此/,
    ],
  ],
  ['maybeUnknown', [/mailbox unavailable|invalid address|#5\.1\.0 address rejected/i]],
  [
    'disabled',
    [
      /(?:account|mailbox|user|recipient|address)(?:\(s\))?(?: \S{1,80}){0,3} ?(?:is |has been |was )?(?:disabled|inactive|deactivated|suspended|closed|terminated|expired|discontinued|blocked)\b/i,
      /(?:disabled|inactive|deactivated|suspended|closed) (?:recipient|account|mailbox|user|address)|that you tried to reach is (?:disabled|inactive)|account has been (?:disabled|closed)/i,
      /휴면|탈퇴|정지된 ?(?:계정|사용자)|해지/,
    ],
  ],
  [
    'expired',
    [
      /timed? ?out|time-?out|giving up|in the queue too long|expired|(?:not|n't) (?:respond|accept our requests)|not delivered within|retr(?:y|ies) (?:timeout|time)|failing for a long time|long failure period/i,
      /could not (?:be )?deliver(?:ed)? for the last|unable to connect|establish an smtp connection|host not reachable|connection (?:refused|reset|lost)|after multiple retries|cannot send message for/i,
      /시간 ?초과|응답(?:이)? ?없|接続でき|タイムアウト/,
    ],
  ],
];

/** No address, no host, or one that moved for good (RFC 3463 §3.2; 5.1.351 is Exchange Online's own). */
export const goneCodes: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.1.351']);

/** For now, or by the holder's own settings: not a reason to suppress anybody. `locked` is meant to find "blocked", too. */
export const passing = /temporar|(?:try|retry)(?: again)? (?:later|in )|locked|frozen|on hold/i;

/** The host or address in question may be ours. */
export const ofSender =
  /\b(?:sender|helo|ehlo|mail from|client host|your (?!recipient)(?:\w+ )?(?:host|domain|server|ip|address))\b/i;

/** UTF-16 units of text that are looked at. */
export const maxText = 6_000;

/** @param line as `oneLine` leaves it */
export function reasonOf(line: string): Reason | undefined {
  return reasonTexts.find(([, patterns]) => patterns.some(pattern => pattern.test(line)))?.[0];
}

/** Links name reasons in their paths (`…/spam`, `?p=NoSuchUser`) that are not this one. */
export function withoutLinks(text: string): string {
  return text.replace(/https?:\/\/\S+/gi, ' ');
}

/** The start of a text without links and without the repeated codes of multi-line replies. */
export function oneLine(text: string): string {
  return withoutLinks(text.slice(0, maxText))
    .replace(/\b[245]\d\d-(?:[245]\.\d\.\d{1,3})? ?/g, ' ')
    .replace(/\s+/g, ' ');
}

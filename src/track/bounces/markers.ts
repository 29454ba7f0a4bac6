/** Phrases by which reports are recognised and taken apart: data, so that a new server is a new line. */

/** Who reports. */
export const daemons =
  /mailer-?daemon|post[_ -]?master|mail ?delivery|mail\.delivery|delivery (?:sub)?system|^\s*<>|^\s*$|ndr administrator|mail ?system|no-?reply@(?:.*dion\.ne\.jp|sns\.)|메일 ?(?:시스템|전송|배달)/i;

export const failureSubjects =
  /undeliver|fail(?:ed|ure)|returned (?:mail|to sender)|return(?:ing)? (?:message|mail) to sender|delivery (?:status|notification|report|problem|error)|mail (?:system )?error|could not (?:be )?(?:send|sent|deliver)|error sending your mail|delayed|loop alert|メールエラー|配信(?:でき|不能|エラー)|送信(?:でき|エラー)|(?:전송|배달|발송).{0,6}(?:실패|오류|불가|반송)|반송|退信|не доставлено|unzustellbar|non remis|no entregado|errors from/i;

/** In the text, when neither sender nor subject tells. */
export const failureTexts =
  /(?:could not|cannot|can't|couldn't|was(?: not|n't)|unable to|failed to|not able to) (?:be )?deliver|delivery (?:has |of .{0,60})?failed|did(?: not|n't) reach the following|returned permanent errors|error message below|duplicated message-id|(?:전송|전달|배달|발송)(?:되지|하지|할 수|에 실패|이 실패)|送信できません|配信できません/i;

export const autoReplySubjects =
  /\bout of (?:the )?office\b|\bauto(?:matic)?[ -]?(?:reply|response|responder|antwort)|^away\b|\bvacation\b|on holiday|abwesen|absen[ct]e|자동 ?(?:응답|회신)|부재 ?중|自動(?:返信|応答)|自动回复/i;

/** Not failed yet. */
export const delayTexts =
  /\(delay\)|(?:has|have) (?:been )?delayed|not yet been delivered|warning message only|(?:will|shall) (?:keep|continue|be) (?:on )?(?:to )?(?:retr|try)|message .{0,60}delayed \d|could not send message for past|still (?:trying|being retried)|전송(?:이)? 지연/i;

/** From here on a report quotes what was sent; matched line by line. */
export const originalMarkers: readonly RegExp[] = [
  /^[\s>|*=_-]*(?:the )?(?:original|unsent|returned|rejected|failed) (?:message|mail|email)(?: info| headers?| follows| text)?[\s:.|*=_-]*(?:follows?[\s:.|*=_-]*)?$/i,
  /^[\s|*=_]{0,20}-{3,80}(?:[^-].{0,60})?(?:original|unsent|copy of (?:the|your)|returned|header of|message text|undelivered).{0,60}$/i,
  /^[\s|*=_-]*(?:below|this|here|included|attached|what follows) is a copy of|^\s*below this line is/i,
  /^\s*(?:the header of the original|the body of the message|message headers? follow|message header:|original mail as follows|message details:)/i,
  /^(?:Received: ?(?:from|by)|Return-Path: ?<|DKIM-Signature:|Received:from)/,
  /^\|-+ Message text follows/i,
  /^-----Original|^원본 메시지/i,
];

/** The address without what servers put around it. */
export const address = String.raw`[^\s<>"(),:;\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}`;

const open = String.raw`^[\s*•>|-]{0,20}`;

/** Lines that begin what is said of one recipient; the address is group 1, what follows on the line group 2. */
export const recipientLines: readonly RegExp[] = [
  new RegExp(String.raw`${open}(?:${address} {1,4})?[<"](${address})[>"]\s{0,4}:?(?!\.\.\.)(.*)$`),
  new RegExp(String.raw`${open}(${address})\s{0,4}:?\s*$`),
  new RegExp(
    String.raw`${open}(${address})(?:<mailto:.*|: (.*)|\s{0,3}\.\.\. ?(.*)|\s{0,2}(\[.*)|(?= on \w{3}, )(.*)| ((?:Invalid Address|Error), ?ERROR_CODE.*))$`,
  ),
  new RegExp(
    String.raw`^\s{0,20}(?:Failed )?(?:Recipient|Recipient address|Final[- ]Recipient|RCPT TO|Could not be delivered to|Unable to deliver message to|Did not reach the following recipient|Undeliverable to|받는 ?(?:사람|이)|수신자|수신인)(?: ?\(.{0,40}\))?\s{0,4}:\s{0,4}(?:rfc822; ?)?[<"]?(${address})[>"]?(.*)$`,
    'i',
  ),
];

/** Addresses inside sentences, used when no line stands out. */
export const recipientPhrases: readonly RegExp[] = [
  new RegExp(
    String.raw`(?:deliver\w*|send\w*) (?:your |this |the )?(?:mail|message|e-?mail)? ?(?:to|for):? ?[<"(]?(${address})`,
    'gi',
  ),
  new RegExp(`(?:recipients?|address(?:es)?) .{0,60}: ?[<"(]?(${address})`, 'gi'),
  new RegExp(`RCPT TO: ?<?(${address})`, 'gi'),
  new RegExp(`(?:user|userid|account|recipient|mailbox|message-id in):? .{0,40}?[<"(]?(${address})`, 'gi'),
];

/** The lines of an SMTP transcript (sendmail) that name a recipient at the end of what happened. */
export const transcriptLine = new RegExp(String.raw`^[245]\d\d (?:[245]\.\d\.\d )?[<"]?(${address})[>"]?\.\.\.`);

/** Header words, Korean and English, as spreadsheets and other newsletter tools write them. */

const words = (list: string) => new Set(list.split(/\s+/).filter(Boolean));

const email = words(`
  email emailaddress emailaddr emailid mail mailaddress mailid useremail memberemail subscriberemail contactemail customeremail
  이메일 이메일주소 이메일아이디 이메일id 이멜 이메일계정 메일 메일주소 메일계정 전자우편 전자우편주소 전자메일 전자메일주소
  email주소 email계정 구독자이메일 구독자메일 구독자이메일주소 회원이메일 고객이메일 수신자이메일 받는사람이메일 사용자이메일
`);
const fullName = words(`
  name fullname displayname username yourname subscribername membername contactname customername recipientname realname
  이름 성명 성함 실명 구독자 구독자이름 구독자명 구독자성명 회원명 회원이름 회원성명 고객명 고객이름 고객성명 수신자 수신자명
  수신자이름 받는사람 받는사람이름 사용자명 사용자이름 담당자명 이름성명 성명이름
`);
const nickname = words('nickname nick 닉네임 별명 필명');
const firstName = words('firstname givenname forename fname first 명');
const lastName = words('lastname familyname surname lname last 성 성씨');

const timeZone = words('timezone timezonename tz 시간대 표준시간대');

/** Letters and digits only, small: “E-mail Address*” and “email_address” are one. What stands in parentheses is dropped. */
export function normaliseHeader(header: string): string {
  const text = header.slice(0, 200).normalize('NFKC').toLowerCase();
  const bare = lettersOf(text.replace(/\([^()]*\)|\[[^[\]]*\]/g, ''));
  return bare || lettersOf(text);
}

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

/** 2: this is what an e-mail column is called; 1: it speaks of e-mail; 0: it does not. */
export function emailRank(header: string): 0 | 1 | 2 {
  const key = normaliseHeader(header);
  if (email.has(key)) return 2;
  return /e?mail|이메일|메일|전자우편/.test(lettersOf(header.slice(0, 60).normalize('NFKC').toLowerCase())) ? 1 : 0;
}

export function isTimeZone(header: string): boolean {
  return timeZone.has(normaliseHeader(header));
}

export function nameRole(header: string): 'name' | 'first' | 'last' | 'nickname' | undefined {
  const key = normaliseHeader(header);
  if (fullName.has(key)) return 'name';
  if (firstName.has(key)) return 'first';
  if (lastName.has(key)) return 'last';
  return nickname.has(key) ? 'nickname' : undefined;
}

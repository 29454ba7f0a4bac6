/** A reader as one message needs to know them. */
export interface Reader {
  subscriberId: number;
  /** As stored: trimmed, domain as A-labels in small letters. */
  email: string;
  /** Empty when unknown. */
  name: string;
  /** The publication's extra merge fields. */
  attributes: Readonly<Record<string, string>>;
  /** Whether they may be sent advertising. Default: no. */
  advertising?: boolean;
  /** Their own discount code, of the pool that the promo names. */
  code?: string | null;
  /** Which of the edition's subjects they are sent, from 1; none: the edition's own. */
  variant?: number | null;
}

/**
 * Conditions may ask for this beside a reader's fields: it is there in the mail and absent in the public copy, which speaks to nobody in
 * particular.
 */
export const inMail = '@mail';

/** As `inMail`: whether the reader agreed to advertising, where the law asks for that (rule 5.1). The public copy shows what it guards. */
export const agreedToAdvertising = '@advertising';

/** Field of the reader's own discount code. */
export const ownCode = '@code';

/** The value of a merge field for this reader, '' when there is none. */
export function fieldValue(reader: Reader, field: string): string {
  if (field === inMail) return 'mail';
  if (field === agreedToAdvertising) return reader.advertising ? 'yes' : '';
  if (field === ownCode) return reader.code ?? '';
  if (field === 'name') return reader.name;
  if (field === 'email') return reader.email;
  // A field may be called anything, `constructor` too.
  return Object.hasOwn(reader.attributes, field) ? reader.attributes[field]! : '';
}

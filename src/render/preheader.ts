/** Invisible characters after the preheader, so that the inbox preview shows it and not what follows: wide, narrow, joiner, break. */
export const preheaderPadding = '\u2007\u034f\u200c\u00ad'.repeat(32);

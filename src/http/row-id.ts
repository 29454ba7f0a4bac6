/** A row's number as it comes in addresses and forms. */
import { z } from 'zod';

const pattern = /^[1-9]\d{0,14}$/;

export const rowIdText = z.string().regex(pattern);

/** Undefined for what is no number of a row. */
export function parseRowId(text: string | undefined): number | undefined {
  return text !== undefined && pattern.test(text) ? Number(text) : undefined;
}

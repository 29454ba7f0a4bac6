/** What was typed, of at most so many characters, without NUL; '' when it is missing. */
export function textOf(fields: Record<string, string>, name: string, most: number): string {
  return (fields[name] ?? '').slice(0, most).replaceAll('\0', '');
}

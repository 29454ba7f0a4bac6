/** `reader5@example.net` → `r•••5@example.net`: its owner knows it, someone the mail was forwarded to learns nothing (lesson 19). */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf('@');
  const local = [...email.slice(0, at)];
  // The last character of a short name would leave little to hide.
  const last = local.length > 3 ? local.at(-1) : '';
  return `${local[0] ?? ''}•••${last}${email.slice(at)}`;
}

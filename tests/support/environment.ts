/** What a process started by a test or a measurement is handed of our own environment. */

const needed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'];

/**
 * Where programs and folders are, and nothing else: a `DATABASE_URL` or `SMTP_URL` in the shell of whoever runs it must not reach a process
 * that was meant to use servers of its own.
 * @param more what this process is told
 */
export function environmentOf(more: Record<string, string> = {}): Record<string, string> {
  const inherited = needed.flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...more };
}

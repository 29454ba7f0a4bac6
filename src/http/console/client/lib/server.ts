/** What a script says to the server, and what it hears back. */

/** Of the page: every call carries it. */
export function formToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="form-token"]')?.content ?? '';
}

export class Refused extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.error === 'string' ? body.error : `${status}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * A route made with `call`.
 * @throws Refused with the server's words; TypeError when it cannot be reached
 */
export async function call<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-form-token': formToken() },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  const heard = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (!answer.ok) throw new Refused(answer.status, heard);
  return heard as T;
}

/** A route made with `receive`: the file is the body. */
export async function send<T>(path: string, file: Blob, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': file.type || 'application/octet-stream', 'x-form-token': formToken() },
    body: file,
    ...(signal ? { signal } : {}),
  });
  const heard = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (!answer.ok) throw new Refused(answer.status, heard);
  return heard as T;
}

/** JSON that the page carries in `<script type="application/json" id=…>`. */
export function pageData<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null') as T;
}

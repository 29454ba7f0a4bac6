/** One file on its way to the server, with how far it is: `fetch` does not tell. */
import { formToken } from '../lib/server.ts';
import { words } from './words.ts';

export interface Kept {
  url: string;
  width: number;
  height: number;
  /** What is to be known of it. */
  note?: string;
}

/** Never rejects. @param told of each step, in per cent */
export function upload(url: string, file: File, told: (percent: number) => void): Promise<Kept | { problem: string }> {
  return new Promise(resolve => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    request.timeout = 120_000;
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('x-form-token', formToken());
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      told(total > 0 ? Math.round((100 * loaded) / total) : 0),
    );
    const fail = () => resolve({ problem: words().unreachable });
    request.addEventListener('error', fail);
    request.addEventListener('timeout', fail);
    request.addEventListener('load', () => {
      const heard = (request.response ?? {}) as Record<string, unknown>;
      if (request.status === 200) resolve(heard as unknown as Kept);
      else if (request.status === 413) resolve({ problem: words().tooLarge });
      else resolve({ problem: [heard.error, heard.help].filter(Boolean).join(' ') || words().unreachable });
    });
    request.send(file);
  });
}

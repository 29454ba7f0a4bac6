/** SVG → PNG off the main thread: one at a time, few waiting, so that nobody burns the processor with pictures. */
import { renderAsync } from '@resvg/resvg-js';
import { fontFiles } from './font.ts';

/** Drawing takes a tenth of a second; who comes last waits about a second. */
const mostWaiting = 12;

export class Painter {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether one more picture would have to wait too long. */
  get isBusy(): boolean {
    return this.#waiting >= mostWaiting;
  }

  paint(svg: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#waiting++;
    const work = this.#last.then(async () => {
      const image = await renderAsync(svg, {
        font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'NanumGothic' },
        logLevel: 'off',
      });
      return new Uint8Array(image.asPng());
    });
    this.#last = work.catch(() => {}).finally(() => this.#waiting--);
    return work;
  }
}

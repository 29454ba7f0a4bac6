/** Those who wait for something that others give back. */
export class Waiting {
  readonly #resumes = new Set<() => void>();

  get size(): number {
    return this.#resumes.size;
  }

  /** Resolves when woken, or the signal is aborted: whoever waited looks again. */
  turn(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const resume = () => {
        this.#resumes.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      this.#resumes.add(resume);
      signal.addEventListener('abort', resume);
    });
  }

  wakeOne(): void {
    const [resume] = this.#resumes;
    resume?.();
  }

  wakeAll(): void {
    for (const resume of [...this.#resumes]) resume();
  }
}

/** One thing after the other: what waits in the middle must not be overtaken by the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs *task* after all that was handed in before has ended, well or not. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

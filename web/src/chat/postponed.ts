/** What is done a little later, of each conversation once for all that asks for it until then. */
export class Postponed {
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  put(id: number, ms: number, act: () => void): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => {
        this.timers.delete(id);
        act();
      }, ms),
    );
  }

  forget(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/** One call of `work` in the future. Asked for again it stays at the earlier of the two times. */
export function createAppointment(work: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;
  return {
    /** Calls `work` in `ms` at the latest. */
    at(ms: number): void {
      const at = performance.now() + ms;
      if (timer !== undefined && dueAt <= at) return;
      clearTimeout(timer);
      dueAt = at;
      timer = setTimeout(() => {
        timer = undefined;
        work();
      }, ms);
    },
    cancel(): void {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

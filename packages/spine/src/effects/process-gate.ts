/** An executor of this process, as the gate asks it. */
export interface GateMember {
  /** Asks for the gate for one of its suspects that is due, if there is one. Never rejects. */
  nominate(): Promise<void>;
  /** The gate is open again: what waits may begin. */
  reopened(): void;
}

interface Waiting {
  readonly crashesAlone: number;
  enter(): void;
}

/**
 * Lets a suspect run alone in its process: a readers-writer lock over the executors of all its spines, with preference
 * for writers. Ordinary effects enter together. A suspect that asks closes the gate: nothing else begins, what runs ends,
 * every member names its next suspect, and of those the one with the fewest crashes of its own enters. The gate opens
 * when nobody names one any more.
 */
export function createProcessGate() {
  const members = new Set<GateMember>();
  const waiting = new Set<Waiting>();
  /** Ordinary effects that run, or may begin at any moment. */
  let inside = 0;
  let isAlone = false;
  let isAsking = false;

  const isOpen = () => !isAlone && !isAsking && waiting.size === 0;

  const reopen = () => {
    for (const member of members) member.reopened();
  };

  async function next(): Promise<void> {
    if (isAlone || isAsking || inside > 0) return;
    isAsking = true;
    await Promise.all([...members].map((member) => member.nominate()));
    isAsking = false;
    const [first] = [...waiting].sort((a, b) => a.crashesAlone - b.crashesAlone);
    if (first === undefined) return reopen();
    waiting.delete(first);
    isAlone = true;
    first.enter();
  }

  return {
    isOpen,
    /** Returns how many of `wanted` ordinary effects may begin: all, or none while a suspect runs alone or waits to. */
    enter(wanted: number): number {
      if (!isOpen()) return 0;
      inside += wanted;
      return wanted;
    },
    leave(count: number): void {
      inside -= count;
      if (inside === 0 && waiting.size > 0) void next();
    },
    /** Resolves when nothing else runs, to what ends that; to undefined when `signal` aborts before. */
    alone(crashesAlone: number, signal: AbortSignal): Promise<(() => void) | undefined> {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined);
        const leave = () => {
          isAlone = false;
          void next();
        };
        const one: Waiting = {
          crashesAlone,
          enter() {
            signal.removeEventListener('abort', giveUp);
            resolve(leave);
          },
        };
        const giveUp = () => {
          waiting.delete(one);
          resolve(undefined);
          if (isOpen()) reopen();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.add(one);
        void next();
      });
    },
    /** Returns what takes the member out again. */
    join(member: GateMember): () => void {
      members.add(member);
      return () => void members.delete(member);
    },
  };
}

/** One for each process, given to all of its spines. */
export type ProcessGate = ReturnType<typeof createProcessGate>;

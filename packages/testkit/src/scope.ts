import { afterAll, afterEach, beforeEach } from '@jest/globals';

/** What a test opened: a server, a reader, a subscription. */
export interface Scope {
  /**
   * Has `close` called at the end of the test that opened it, or of the file where that was no test, whatever happens
   * there. The result closes it before; once is enough.
   */
  own(what: string, close: () => unknown): () => Promise<void>;
}

/** A thing that does not close by itself in this time is left to the runner, which names it. */
const closeMs = 5_000;

interface Owned {
  readonly what: string;
  close(): Promise<void>;
}

/**
 * A scope for the file that is being run. To be called while a module is loaded, by the helper that opens things, so
 * that no test has to remember: an expectation that fails leaves nothing open behind it.
 */
export function useScope(): Scope {
  const ofTest: Owned[] = [];
  const ofFile: Owned[] = [];
  let isInTest = false;
  beforeEach(() => {
    isInTest = true;
  });
  afterEach(async () => {
    isInTest = false;
    await closeAll(ofTest);
  });
  afterAll(() => closeAll(ofFile));
  return {
    own(what, close) {
      const list = isInTest ? ofTest : ofFile;
      let closing: Promise<void> | undefined;
      const owned: Owned = {
        what,
        close() {
          const at = list.indexOf(owned);
          if (at >= 0) list.splice(at, 1);
          closing ??= (async () => void (await close()))();
          return closing;
        },
      };
      list.push(owned);
      return owned.close;
    },
  };
}

/** The last one first. One that fails or hangs does not keep the others open. */
async function closeAll(list: Owned[]): Promise<void> {
  for (const { what, close } of list.toReversed()) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), closeMs);
    });
    try {
      if ((await Promise.race([close(), late])) === 'late') console.warn(`${what} did not close within ${closeMs} ms.`);
    } catch (thrown) {
      console.warn(`${what} did not close: ${String(thrown)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

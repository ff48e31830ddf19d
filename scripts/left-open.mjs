import { readFileSync } from 'node:fs';

// A jest reporter: what tests left open must not keep the run from ending. It ends ten seconds after the last result,
// says what was left, and fails, because a test that leaves a server behind has not closed what it opened.
const graceMs = Number(process.env.PARLEY_TEST_LEFT_OPEN_MS || 10_000);
/** Kept by Node or by jest itself. */
const usual = new Set(['TTYWrap', 'PipeWrap', 'FSReqCallback', 'Timeout', 'Immediate', 'FILEHANDLE', 'MessagePort']);

/** How many of each kind keep this process alive. */
function open() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Ends what tests started as processes of their own, which would outlive this one. Linux lists them; elsewhere none is known. */
function endChildren() {
  try {
    const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
    return pids.length === 0 ? '' : ` ${pids.length} of their processes are ended.`;
  } catch {
    // One that has ended meanwhile needs no ending.
    return '';
  }
}

export default class LeftOpen {
  #suspects = [];
  #before = new Map();

  onRunStart() {
    this.#before = open();
  }

  onTestFileResult({ path }) {
    const now = open();
    const isMore = [...now].some(([kind, count]) => !usual.has(kind) && count > (this.#before.get(kind) ?? 0));
    if (isMore) this.#suspects.push(path);
    this.#before = now;
  }

  onRunComplete() {
    // It does not keep the process alive itself: without anything left open the process is gone by then.
    setTimeout(() => {
      const left = [...open()].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing that Node can name';
      const where = this.#suspects.length === 0 ? '' : ` Look at ${this.#suspects.join(', ')}.`;
      const ended = endChildren();
      console.error(
        `The tests ended ${graceMs / 1000} s ago and something that they opened keeps the process alive: ${left}.${where}${ended}`,
      );
      process.exit(1);
    }, graceMs).unref();
  }
}

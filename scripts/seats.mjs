// Seats for suites: how many processes of tests run at a time, over all workspaces that `npm test` runs at once. One that
// wants a seat connects and writes what for as a line of JSON, reads a line when it is seated, and gives the seat back by
// closing the connection, which the end of its process does as well.
import { connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';

/**
 * What a suite needs beside it. `busy`: one seat of as many as there are processors. `idle`: it waits most of its time,
 * so there is one seat more for its kind, whatever else runs. `alone`: no busy one beside it, so all of them come before.
 */
const isFree = {
  busy: (taken, processors) => taken.busy < processors && taken.alone === 0,
  idle: (taken) => taken.idle === 0,
  alone: (taken, _processors, waiting) =>
    taken.busy + taken.alone === 0 && !waiting.some(({ kind }) => kind === 'busy'),
};

/** Seats of one run; of those that wait for a kind the lowest rank is next. */
export function createSeats(processors) {
  const waiting = [];
  const taken = { busy: 0, idle: 0, alone: 0 };
  const seat = () => {
    for (const one of [...waiting]) {
      if (!isFree[one.kind](taken, processors, waiting)) continue;
      waiting.splice(waiting.indexOf(one), 1);
      taken[one.kind] += 1;
      one.isSeated = true;
      one.onSeat();
    }
  };
  return {
    /** Calls `onSeat` once it is seated. What is returned gives the seat back, or waits no longer. */
    take({ kind, rank }, onSeat) {
      const one = { kind, rank, onSeat, isSeated: false };
      const at = waiting.findIndex((other) => other.rank > rank);
      waiting.splice(at === -1 ? waiting.length : at, 0, one);
      seat();
      return () => {
        if (one.isSeated) taken[kind] -= 1;
        else waiting.splice(waiting.indexOf(one), 1);
        seat();
      };
    },
  };
}

/** Opens the seats of a run on this machine and resolves to their port. */
export async function openSeats() {
  const seats = createSeats(availableParallelism());
  const server = createServer((socket) => {
    let leave;
    socket.once('data', (line) => {
      leave = seats.take(JSON.parse(line), () => socket.write('\n'));
    });
    // One that is killed has left as well: "close" follows.
    socket.on('error', () => {});
    socket.on('close', () => leave?.());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return server.address().port;
}

/** Waits for a seat at the port and resolves to what gives it back. */
export function takeSeat(port, want) {
  const socket = connect(port, '127.0.0.1', () => socket.write(JSON.stringify(want)));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The run that this suite belongs to has ended.')));
    socket.once('data', () => resolve(() => socket.destroy()));
  });
}

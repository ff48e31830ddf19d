import { connect, type Socket } from 'node:net';
import { useScope } from '@parley/testkit/scope.ts';

const scope = useScope();

export interface Place {
  readonly port: number;
  readonly debate: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** When each sequence number came in, of all readers, in nanoseconds of the machine's monotonic clock. */
export type Receipts = Map<number, bigint[]>;

/** One of many readers of a debate's event stream, over a bare socket, so that thousands fit into a process. */
export class RawReader {
  last = 0;
  got = 0;
  isConnected = false;
  /** What should not have come, or not then. */
  readonly faults: string[] = [];
  private readonly place: Place;
  private readonly receipts: Receipts;
  private socket: Socket | undefined;
  private carry = '';

  constructor(place: Place, receipts: Receipts = new Map()) {
    this.place = place;
    this.receipts = receipts;
    scope.own(`The reader of ${place.debate}`, () => this.cut());
  }

  /** Goes on after what it has, as a browser does. */
  connect(): void {
    const { port, debate, headers = {} } = this.place;
    const resuming = this.last === 0 ? {} : { 'Last-Event-ID': String(this.last) };
    const all = Object.entries({ Host: '127.0.0.1', ...headers, ...resuming });
    this.carry = '';
    this.isConnected = false;
    const socket = connect(port, '127.0.0.1');
    this.socket = socket;
    const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /v1/debates/${debate}/events HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.on('data', (chunk) => {
      if (socket === this.socket) this.read(chunk);
    });
    socket.on('error', (error) => {
      if (socket === this.socket) this.faults.push(error.message);
    });
  }

  /** Is cut off, in the middle of whatever comes. */
  cut(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
  }

  private read(chunk: Buffer): void {
    const now = process.hrtime.bigint();
    const lines = (this.carry + chunk.toString('latin1')).split('\n');
    this.carry = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('id: ')) this.take(Number(line.slice(4)), now);
      else if (line.startsWith('HTTP/1.1 ')) {
        this.isConnected = line.startsWith('HTTP/1.1 200');
        if (!this.isConnected) this.faults.push(line);
      }
    }
  }

  private take(seq: number, now: bigint): void {
    if (seq !== this.last + 1) this.faults.push(`${seq} came after ${this.last}`);
    this.last = seq;
    this.got++;
    const all = this.receipts.get(seq);
    if (all === undefined) this.receipts.set(seq, [now]);
    else all.push(now);
  }
}

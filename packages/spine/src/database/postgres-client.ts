import pg from 'pg';
import { isOfServer } from './pg-errors.ts';

/** What Postgres reports of itself at each connection and at each change: "on" means that it takes no writes. */
const readOnlySettings: ReadonlySet<string> = new Set(['in_hot_standby', 'default_transaction_read_only']);

/** The events of pg's connection that are used here; pg has no types for them. */
interface Wire {
  on(event: 'errorMessage', listener: (fault: unknown) => void): void;
  on(
    event: 'parameterStatus',
    listener: (reported: { readonly parameterName: string; readonly parameterValue: string }) => void,
  ): void;
}

/**
 * A connection that notices when the server behind it stops being the one to write to: it shuts down, it is a standby,
 * it was made read-only. The connection itself may live on, for ever, while the writable server is elsewhere.
 * It listens to the wire, because a caller may swallow an error, and a later one may hide it.
 */
export class PostgresClient extends pg.Client {
  readonly #readOnly = new Set<string>();
  readonly #listeners: (() => void)[] = [];
  #hasFailed = false;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { readonly connection: Wire };
    connection.on('errorMessage', (fault) => {
      if (isOfServer(fault)) this.leave();
    });
    connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (!readOnlySettings.has(parameterName)) return;
      if (parameterValue === 'on') this.#readOnly.add(parameterName);
      else this.#readOnly.delete(parameterName);
      if (this.isReadOnly) this.#tell();
    });
  }

  get isReadOnly(): boolean {
    return this.#readOnly.size > 0;
  }

  /** True when the next statement belongs on another connection. */
  get isToLeave(): boolean {
    return this.#hasFailed || this.isReadOnly;
  }

  /** Says that the server behind it is of no use, whatever it answers. */
  leave(): void {
    this.#hasFailed = true;
    this.#tell();
  }

  /** Calls `listener` when this connection is to be left; more than once is possible. */
  onLeave(listener: () => void): void {
    this.#listeners.push(listener);
    if (this.isToLeave) listener();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

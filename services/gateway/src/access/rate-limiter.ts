import type { Database } from '@parley/spine';
import type { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

export interface Taken {
  readonly isAllowed: boolean;
  readonly left: number;
  readonly resetMs: number;
}
export type TakeRequest = (tenant: string) => Promise<Taken>;

const seconds = 60;

/** Counts the requests of each tenant in the database, for all replicas; in memory while it is away. */
export function createRateLimiter(db: Database, schema: string, perMinute: number): TakeRequest {
  let limiter: Promise<RateLimiterPostgres> | undefined;

  async function open(): Promise<RateLimiterPostgres> {
    const { RateLimiterMemory, RateLimiterPostgres } = await import('rate-limiter-flexible');
    const limit = { points: perMinute, duration: seconds };
    return new RateLimiterPostgres({
      ...limit,
      storeType: 'client',
      storeClient: {
        async query({ text, values }: { text: string; values: unknown[] }) {
          const rows = await db.query<{ points: number; expire: string | bigint }>(text, values);
          return { rowCount: rows.length, rows: rows.map((row) => ({ ...row, expire: Number(row.expire) })) };
        },
      },
      schemaName: schema,
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: '',
      // A tenant above the limit costs the database nothing more.
      inMemoryBlockOnConsumed: perMinute + 1,
      insuranceLimiter: new RateLimiterMemory(limit),
    });
  }

  return async (tenant) => {
    limiter ??= open();
    const taken = (result: RateLimiterRes, isAllowed: boolean): Taken => ({
      isAllowed,
      left: Math.max(0, result.remainingPoints),
      resetMs: result.msBeforeNext,
    });
    try {
      return taken(await (await limiter).consume(tenant), true);
    } catch (thrown) {
      // The library rejects with the result of a request that is too much.
      if (thrown instanceof Error) throw thrown;
      return taken(thrown as RateLimiterRes, false);
    }
  };
}

import { readFileSync } from 'node:fs';
import { messageOf, ParleyError } from '@parley/contracts';
import { type Prices, pricesSchema } from '@parley/contracts/http';

const example = '{"gpt-4o-mini": {"inputPerMillion": 0.15, "outputPerMillion": 0.6, "currency": "USD"}}';

/**
 * The price table: `text` is its JSON, or the name of a file that holds it; without one nothing has a price.
 * @throws ParleyError CONFIG_INVALID naming every field at fault
 */
export function readPrices(text: string | undefined): Prices {
  if (text === undefined) return {};
  const json = text.trimStart().startsWith('{') ? text : fileAt(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ParleyError('CONFIG_INVALID', `PARLEY_PRICES is not JSON. Write it as ${example}.`, { cause });
  }
  const parsed = pricesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the table'}: ${message}`);
  throw new ParleyError(
    'CONFIG_INVALID',
    `PARLEY_PRICES has prices that cannot be used:\n${faults.join('\n')}\nWrite it as ${example}.`,
  );
}

function fileAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ParleyError(
      'CONFIG_INVALID',
      `PARLEY_PRICES names the file ${path}, which cannot be read: ${messageOf(cause)}. Name a file, or write the JSON itself.`,
      { cause },
    );
  }
}

/** How far a text is as an object: within it, at its closing brace, or no object from the first to the last character. */
export type Balance = 'open' | 'closed' | 'none';

/** Follows the braces and brackets of a text that comes in pieces. Those within double quotes do not count. */
export interface BalanceReader {
  push(piece: string): void;
  readonly balance: Balance;
}

export function createBalanceReader(): BalanceReader {
  let depth = 0;
  let isString = false;
  let isEscaped = false;
  let balance: Balance | undefined;
  const take = (char: string) => {
    if (balance === undefined || balance === 'closed') {
      if (char.trim() !== '') balance = balance === undefined && char === '{' ? 'open' : 'none';
      depth = 1;
    } else if (isEscaped) isEscaped = false;
    else if (isString) {
      if (char === '\\') isEscaped = true;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) balance = 'closed';
    }
  };
  return {
    push(piece) {
      for (const char of piece) {
        if (balance === 'none') return;
        take(char);
      }
    },
    get balance() {
      return balance ?? 'none';
    },
  };
}

/** The balance of a text that is there as a whole. */
export function balanceOf(text: string): Balance {
  const reader = createBalanceReader();
  reader.push(text);
  return reader.balance;
}

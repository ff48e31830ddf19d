import { type BalanceReader, createBalanceReader } from './json-balance.ts';
import { type ToolCall, type ToolDefinition, toolBounds } from './tool.ts';
import { callInText, createToolCallJudge } from './tool-call-judge.ts';

/** A piece of a call, or a whole one. No field is certain. Source: OpenAI, Chat Completions, `delta.tool_calls`. */
interface Piece {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly arguments: unknown;
}

interface OpenCall {
  id: string | undefined;
  name: string | undefined;
  /** Arguments that came as they are. */
  value: unknown;
  /** Arguments that came as text, with one character more than is taken where there was more. */
  text: string;
  readonly balance: BalanceReader;
}

/** Tool calls being received. They are known at the end of the answer only: until then any of them may go on. */
export interface ToolCallReader {
  /** Takes whatever a message has as its calls. False when there is more than is taken: the server may stop. */
  take(calls: unknown): boolean;
  /**
   * The calls in the order in which they began. Where there are none, the one that the text is, if it is one.
   * @param isCut the answer ended at its limit.
   */
  end(text: string, isCut: boolean): readonly ToolCall[];
}

/** Length to which an id is told from another. */
const idCharacters = 200;
/** One character more than a name may have, so that one that is too long is none. */
const nameCharacters = 65;

/**
 * Puts pieces together. A piece belongs to the call of its index, else to the last one. A new call begins with
 * - an index that is new, or none at all, beside a name;
 * - another id or another name at the same index, as some servers number parallel calls alike;
 * - a name with arguments behind arguments that are whole already.
 */
export function createToolCallReader(tools: readonly ToolDefinition[]): ToolCallReader {
  const calls: OpenCall[] = [];
  const latest = new Map<number, OpenCall>();
  let isTooLong = false;
  let isTooMany = false;

  const callOf = (piece: Piece): OpenCall | undefined => {
    const { index, id, name } = piece;
    const known = index === undefined ? calls.at(-1) : latest.get(index);
    const open = known ?? (name === undefined ? calls.at(-1) : undefined);
    if (open !== undefined && !isAnother(open, piece)) return open;
    if (calls.length === toolBounds.calls) return undefined;
    const call = { id, name, value: undefined, text: '', balance: createBalanceReader() };
    calls.push(call);
    if (index !== undefined) latest.set(index, call);
    return call;
  };
  const takePiece = (piece: Piece) => {
    const call = callOf(piece);
    if (call === undefined) {
      isTooMany = true;
      return;
    }
    call.id ??= piece.id;
    call.name ??= piece.name;
    const said = piece.arguments;
    if (typeof said !== 'string') {
      call.value = said ?? call.value;
      return;
    }
    const taken = said.slice(0, toolBounds.argumentBytes + 1 - call.text.length);
    call.text += taken;
    call.balance.push(taken);
    isTooLong ||= call.text.length > toolBounds.argumentBytes;
  };
  const isEnough = () => isTooLong || isTooMany;

  return {
    take(said) {
      for (const one of Array.isArray(said) ? said : [said]) {
        if (isEnough()) break;
        const piece = pieceOf(one);
        if (piece !== undefined) takePiece(piece);
      }
      return !isEnough();
    },
    end(text, isCut) {
      if (calls.length === 0) return isCut ? [] : callInText(text, tools);
      const judge = createToolCallJudge(tools, isCut || isEnough());
      const judged = calls.map(({ name, value, text: argument }) => judge.call(name, value ?? argument));
      return isTooMany ? [...judged, judge.tooMany()] : judged;
    },
  };
}

function isAnother(open: OpenCall, { index, id, name, arguments: said }: Piece): boolean {
  if (id !== undefined && open.id !== undefined && id !== open.id) return true;
  if (name === undefined || open.name === undefined) return false;
  if (name !== open.name) return true;
  // Without an index a name begins a call, unless the id says that it is repeated.
  if (index === undefined && (id === undefined || id !== open.id)) return true;
  const saysMore = typeof said === 'string' ? said.trim() !== '' : said !== undefined && said !== null;
  return saysMore && (open.value !== undefined || open.balance.balance === 'closed');
}

/** A piece in the form of either wire, or of OpenAI's older `function_call`. Undefined when it is no object. */
function pieceOf(said: unknown): Piece | undefined {
  if (typeof said !== 'object' || said === null) return undefined;
  const { index, id, function: inner } = said as Readonly<Record<string, unknown>>;
  const called = (typeof inner === 'object' && inner !== null ? inner : said) as Readonly<Record<string, unknown>>;
  return {
    index: typeof index === 'number' && Number.isSafeInteger(index) ? index : undefined,
    id: textIn(id)?.slice(0, idCharacters),
    name: textIn(called.name)?.slice(0, nameCharacters),
    arguments: called.arguments,
  };
}

/** Servers send an empty text or null where they have nothing new. */
function textIn(said: unknown): string | undefined {
  return typeof said === 'string' && said !== '' ? said : undefined;
}

import { parseSync } from '@swc/core';

/** One place where a source file names another module or file. */
export interface SourceImport {
  /** The importing file, by its path from the root of the repository. */
  readonly file: string;
  /** The name as it is written; undefined where it is computed. */
  readonly name: string | undefined;
  /** A module that is loaded or whose types are used, or a file that is found by `new URL(name, import.meta.url)`. */
  readonly kind: 'module' | 'file';
}

/** A node of swc's syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly source?: Node | null;
  readonly argument?: Node;
  readonly expression?: Node;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly arguments?: readonly { readonly expression: Node }[];
  readonly quasis?: readonly { readonly cooked: string }[];
}

/** Static and dynamic imports, those of types, what is exported from elsewhere, `require` and `resolve`. */
export function importsOf(file: string, text: string): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (node: Node | undefined, kind: SourceImport['kind'] = 'module') =>
    found.push({ file, name: textOf(node), kind });
  const tree = parseSync(text, { syntax: 'typescript', tsx: /\.[jt]sx$/.test(file), target: 'es2024' });
  visit(tree, (node) => {
    if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type) && node.source) add(node.source);
    if (node.type === 'TsImportType') add(node.argument);
    if (node.type === 'TsExternalModuleReference') add(node.expression);
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    const [first, second] = node.arguments?.map(({ expression }) => expression) ?? [];
    const isNamed = textOf(first) !== undefined;
    if (node.callee?.type === 'Import' || (isNamed && isLoader(node.callee))) add(first);
    const isFile = node.type === 'NewExpression' && node.callee?.value === 'URL' && second !== undefined;
    if (isFile && textOf(first)?.startsWith('.')) add(first, 'file');
  });
  return found;
}

/** `require`, `createRequire(…)`, and the `resolve` of either or of `import.meta`. */
function isLoader(callee: Node | undefined): boolean {
  if (callee?.type === 'Identifier') return callee.value === 'require';
  if (callee?.type === 'CallExpression') return callee.callee?.value === 'createRequire';
  if (callee?.type !== 'MemberExpression' || callee.property?.value !== 'resolve') return false;
  return callee.object?.type === 'MetaProperty' || isLoader(callee.object);
}

/** What a string says, or a template without parts that are computed. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return node.value as string;
  const [only, ...more] = node?.type === 'TemplateLiteral' ? (node.quasis ?? []) : [];
  return more.length === 0 ? only?.cooked : undefined;
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && typeof (value as Node).type === 'string') look(value as Node);
  for (const part of Object.values(value)) visit(part, look);
}

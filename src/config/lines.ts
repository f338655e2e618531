import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

/** The line (from 1) of the deepest part of `path` that the file contains, or null when it contains none of it. */
export function lineOf(
  path: readonly (string | number)[],
  document: Document,
  counter: LineCounter,
): number | null {
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    const step = isMap(node) ? intoMap(node.items, part) : isSeq(node) ? intoSeq(node.items, part) : null;
    if (step === null) break;
    offset = step.offset ?? offset;
    node = step.node;
  }
  return offset === null ? null : counter.linePos(offset).line;
}

type Step = { offset: number | undefined; node: unknown };

/** The last of equal keys is the one that counts. */
function intoMap(pairs: readonly Pair[], key: string | number): Step | null {
  const pair = pairs.findLast(({ key: node }) => isScalar(node) && String(node.value) === String(key));
  return pair ? { offset: startOf(pair.key), node: pair.value } : null;
}

function intoSeq(items: readonly unknown[], index: string | number): Step | null {
  const node = items[Number(index)];
  return node === undefined ? null : { offset: startOf(node), node };
}

function startOf(node: unknown): number | undefined {
  return (node as Node).range?.[0];
}

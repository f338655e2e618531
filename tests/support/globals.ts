import type { Node } from 'oxc-parser';
import { children, lineAt, type Place, places, type Source, text } from './source.ts';

/** One use of a name that the file does not declare: `process.env`, `Date.now`, `new Date()`, `fetch`. */
export interface GlobalUse {
  name: string;
  line: number;
}

/**
 * The globals a file uses as values, written as `X.member`, `new X()` (without arguments), `new X(…)` (with some),
 * `X()` (a call), or `X`. Types do not count, and neither does `x instanceof X`. A name is no global where a function
 * or block around it declares it.
 */
export function globalUses(source: Source): GlobalUse[] {
  return places(source).flatMap((place) => {
    if (place.node.type !== 'Identifier' || !isValue(place)) return [];
    const name = place.node.name;
    if (place.around.some((node) => declares(node, name))) return [];
    const parent = place.around[0];
    if (parent?.type === 'BinaryExpression' && parent.operator === 'instanceof') return [];
    return [{ name: spelled(name, place), line: lineAt(source, place.node.start) }];
  });
}

function spelled(name: string, { node, around }: Place): string {
  const parent = around[0];
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    const member = parent.computed ? text(parent.property) : nameOf(parent.property);
    return member ? `${name}.${member}` : name;
  }
  if (parent?.type === 'NewExpression' && parent.callee === node) {
    return parent.arguments.length === 0 ? `new ${name}()` : `new ${name}(…)`;
  }
  return parent?.type === 'CallExpression' && parent.callee === node ? `${name}()` : name;
}

/** These carry a value inside a node that otherwise speaks of types. */
const typedValues = [
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSParameterProperty',
  'TSExportAssignment',
];

/** Whether an identifier is read as a value: not a key, not the name after a dot, not part of a type. */
function isValue({ node, around }: Place): boolean {
  if (around.some((outer) => outer.type.startsWith('TS') && !typedValues.includes(outer.type))) return false;
  const parent = around[0];
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return parent.value === node || parent.computed;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.value === node || parent.computed;
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'LabeledStatement':
      return false;
    default:
      return true;
  }
}

/** Whether `node` is a function, block, loop or catch that declares `name` for what is inside it. */
function declares(node: Node, name: string): boolean {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.params.some((param) => binds(param, name));
    case 'CatchClause':
      return node.param !== null && binds(node.param, name);
    case 'Program':
    case 'BlockStatement':
    case 'SwitchCase':
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
      return children(node).some((statement) => declaredBy(statement).some((one) => binds(one, name)));
    default:
      return false;
  }
}

function declaredBy(statement: Node): Node[] {
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.specifiers.map((specifier) => specifier.local);
    case 'VariableDeclaration':
      return statement.declarations.map((declaration) => declaration.id);
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return statement.id ? [statement.id] : [];
    case 'ExportNamedDeclaration':
      return statement.declaration ? declaredBy(statement.declaration) : [];
    default:
      return [];
  }
}

/** Whether a pattern (`name`, `{ name }`, `[name]`, `name = 1`, `...name`) binds `name`. */
function binds(pattern: Node, name: string): boolean {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === name;
    case 'AssignmentPattern':
      return binds(pattern.left, name);
    case 'RestElement':
      return binds(pattern.argument, name);
    case 'Property':
      return binds(pattern.value, name);
    case 'ObjectPattern':
    case 'ArrayPattern':
      return children(pattern).some((part) => binds(part, name));
    default:
      return false;
  }
}

function nameOf(node: Node): string | null {
  return node.type === 'Identifier' ? node.name : null;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, objectAt, objectsAt, textAt } from '../../src/sandbox/json.ts';

/** The folder of PagerDuty's published OpenAPI: a copy of `reference` of github.com/PagerDuty/api-schema. */
const folder =
  process.env.PAGERDUTY_OPENAPI_DIR ??
  join(process.env.FIXTURES_DIR ?? '../shared/fixtures', 'pagerduty-api-schema', 'reference');

export const haveOpenApi = existsSync(join(folder, 'REST', 'openapiv3.json'));
export const needsOpenApi = haveOpenApi
  ? ''
  : ' (skipped: set PAGERDUTY_OPENAPI_DIR to the reference folder of PagerDuty/api-schema)';

const nestedMax = 20;

export interface Operation {
  /** Of the request, everything inlined and closed; null: no body. */
  body: Json | null;
  queries: string[];
  /** Names of required headers. */
  headers: string[];
  /** What the documentation gives as the answer. */
  example: unknown;
}

/** One of PagerDuty's two documents. */
export function openApi(which: 'REST' | 'events-v2') {
  const read: unknown = JSON.parse(readFileSync(join(folder, which, 'openapiv3.json'), 'utf8'));
  const root = isObject(read) ? read : {};

  function resolved(node: unknown): Json {
    let at = node;
    for (let step = 0; step < nestedMax && textAt(at, '$ref') !== ''; step += 1) {
      at = textAt(at, '$ref')
        .split('/')
        .slice(1)
        .reduce(child, root as unknown);
    }
    return isObject(at) ? at : {};
  }

  /** Without references, with `allOf` merged; an object that names its fields takes no others. */
  function closed(node: unknown, depth = 0): Json {
    if (depth > nestedMax) throw new Error('the schema is nested without end');
    const { allOf, description: _, ...schema } = resolved(node);
    const parts = Array.isArray(allOf) ? allOf.map((one) => closed(one, depth + 1)) : [];
    const merged: Json = { ...Object.assign({}, ...parts), ...schema };
    const fields = [...parts, schema].map((part) => objectAt(part, 'properties'));
    const properties = Object.fromEntries(
      Object.entries(Object.assign({}, ...fields) as Json).map(([name, one]) => [
        name,
        closed(one, depth + 1),
      ]),
    );
    if (Object.keys(properties).length > 0)
      Object.assign(merged, { properties, additionalProperties: false });
    if (isObject(schema.items)) merged.items = closed(schema.items, depth + 1);
    if (Array.isArray(schema.oneOf)) merged.oneOf = schema.oneOf.map((one) => closed(one, depth + 1));
    return merged;
  }

  return (route: string): Operation => {
    const [method = '', path = ''] = route.split(' ');
    const operation = objectAt(objectAt(objectAt(root, 'paths'), path), method.toLowerCase());
    if (Object.keys(operation).length === 0) throw new Error(`PagerDuty documents no ${route}`);
    const parameters = objectsAt(operation, 'parameters').map(resolved);
    const json = objectAt(objectAt(objectAt(operation, 'requestBody'), 'content'), 'application/json');
    return {
      body: json.schema === undefined ? null : closed(json.schema),
      queries: parameters.filter((one) => one.in === 'query').map((one) => textAt(one, 'name')),
      headers: parameters
        .filter((one) => one.in === 'header' && one.required === true)
        .map((one) => textAt(one, 'name').toLowerCase()),
      example: exampleOf(operation),
    };
  };

  function exampleOf(operation: Json): unknown {
    const responses = objectAt(operation, 'responses');
    const answer = resolved(responses['200'] ?? responses['201']);
    const examples = objectAt(objectAt(objectAt(answer, 'content'), 'application/json'), 'examples');
    const [first] = Object.values(examples).map(resolved);
    return first?.value;
  }
}

/** One step of a JSON pointer. */
function child(node: unknown, step: string): unknown {
  const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  if (Array.isArray(node)) return node[Number(key)];
  return isObject(node) ? node[key] : undefined;
}

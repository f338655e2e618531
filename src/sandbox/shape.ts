import { isObject } from './json.ts';

/** Says what is wrong at a JSON pointer. */
type Report = (pointer: string, message: string) => void;
/** Judges a value; silent when it is right. */
export type Shape = (value: unknown, pointer: string, report: Report) => void;

/** A string of `min` to `max` UTF-16 units, as Slack counts. */
export function string(max: number, min = 1): Shape {
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report(pointer, 'must be a string');
    if (value.length < min) report(pointer, `must be more than ${min - 1} characters`);
    if (value.length > max) report(pointer, `must be less than ${max + 1} characters`);
  };
}

export function matching(pattern: RegExp, what: string): Shape {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(pointer, `must be ${what}`);
  };
}

export function integerFrom(min: number, max: number): Shape {
  return (value, pointer, report) => {
    const isRight = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
    if (!isRight) report(pointer, `must be an integer from ${min} to ${max}`);
  };
}

export const boolean: Shape = (value, pointer, report) => {
  if (typeof value !== 'boolean') report(pointer, 'must be a boolean');
};

export function oneOf(...allowed: readonly (string | number)[]): Shape {
  return (value, pointer, report) => {
    if (!allowed.some((one) => one === value)) report(pointer, `must be one of ${allowed.join(', ')}`);
  };
}

export function list(item: Shape, max: number, min = 1): Shape {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report(pointer, 'must be an array');
    if (value.length < min) report(pointer, `no fewer than ${min} items required`);
    if (value.length > max) report(pointer, `no more than ${max} items allowed`);
    value.forEach((one, index) => {
      item(one, `${pointer}/${index}`, report);
    });
  };
}

export interface Fields {
  [key: string]: Shape;
}

/** An object with these keys and no others; those in `required` must be there. */
export function object(required: Fields, optional: Fields = {}, extra?: Shape): Shape {
  const fields = new Map(Object.entries({ ...required, ...optional }));
  return (value, pointer, report) => {
    if (!isObject(value)) return report(pointer, 'must be an object');
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) report(pointer, `missing required field: ${key}`);
    }
    for (const [key, entry] of Object.entries(value)) {
      const field = fields.get(key);
      if (!field) report(pointer, `no more than known fields allowed: ${key}`);
      else if (entry !== undefined) field(entry, `${pointer}/${key}`, report);
    }
    extra?.(value, pointer, report);
  };
}

/** Objects told apart by their `type`. */
export function byType(shapes: Readonly<Record<string, Shape>>, what: string): Shape {
  return (value, pointer, report) => {
    const type = isObject(value) ? value.type : undefined;
    const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (shape) shape(value, pointer, report);
    else report(pointer, `unsupported type of ${what}: ${JSON.stringify(type)}`);
  };
}

/** Numbers drawn at random from one seed (mulberry32): the same seed draws the same. */
export interface Chance {
  /** In [0, 1). */
  draw(): number;
  /** A whole number from `min` to `max`, both of them too. */
  between(min: number, max: number): number;
  oneOf<T>(things: readonly T[]): T;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + Math.floor(draw() * (max - min + 1));
  return {
    draw,
    between,
    oneOf: (things) => {
      if (things.length === 0) throw new Error('there is nothing to choose from');
      return things[between(0, things.length - 1)]!;
    },
  };
}

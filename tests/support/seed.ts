import fc from 'fast-check';

/** The same tests on the same code say the same: whoever looks for what nobody has found yet runs `SEED=random npm test`. */
const usual = 20_261_121;

/** Of everything that is drawn at random in a test. `SEED=random`, or a number; whatever fails prints its own. */
export const seed = process.env.SEED === 'random' ? Date.now() % 2 ** 31 : Number(process.env.SEED ?? usual);

fc.configureGlobal({ seed });

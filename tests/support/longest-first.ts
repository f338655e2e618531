import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest in a proof, the first three in the short one. Begun last, it would leave the other processors idle
 * for two minutes there, and for half an hour in the full one.
 */
const longest = [
  ...['kills', 'page-first', 'races'],
  ...['outage', 'errors', 'sequences', 'clock', 'late', 'none'],
].map((name) => new RegExp(`/proof/(simulation-)?${name}\\.test\\.ts$`));

const rank = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => name.test(moduleId));
  return place === -1 ? longest.length : place;
};

/** The longest proofs come first; everything else in the order that vitest thinks best. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

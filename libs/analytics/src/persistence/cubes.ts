/** The numbers of `grain` in tables of sums. */
export const GRAINS = { hour: 1, day: 2, month: 3, quarter: 4 } as const;
export type Grain = keyof typeof GRAINS;

/** Sums that tell some dimensions apart, and how long the times are that they are kept of. */
export interface CubeOfSums<D extends string = string, C extends number = number> {
  /** Its number in the table. */
  cube: C;
  kept: readonly D[];
  grains: readonly Grain[];
}

/**
 * The grains that there are sums of that tell all of these apart, from coarse to fine, each with the first such cube.
 * @param cubes from small to large
 */
export function cubesFor(cubes: readonly CubeOfSums[], dimensions: readonly string[]): Map<Grain, number> {
  const found = new Map<Grain, number>();
  for (const grain of ['month', 'day', 'hour', 'quarter'] as const) {
    const smallest = cubes.find(
      ({ kept, grains }) => grains.includes(grain) && dimensions.every((dimension) => kept.includes(dimension)),
    );
    if (smallest !== undefined) found.set(grain, smallest.cube);
  }
  return found;
}

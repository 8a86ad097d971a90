/** Adds up the samples of a metric whose labels contain all of `labels`. @returns undefined when there is none */
export function sampleOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const values = text
    .split('\n')
    .map((line) => /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line))
    .filter((match) => match?.[1] === name)
    .filter((match) =>
      Object.entries(labels).every(([label, value]) => (match![2] ?? '').includes(`${label}="${value}"`)),
    )
    .map((match) => Number(match![3]));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

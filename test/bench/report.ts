import { cpus, totalmem } from 'node:os';
import type { Figures } from './measure';

const one = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '–');
const whole = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : '–');

/** Lines of Markdown, as they are kept in docs/benchmarks.md. */
export function table(title: string, inFlight: number, figures: Map<string, Figures>): string {
  const rows = [...figures].map(
    ([name, f]) =>
      `| ${name} | ${whole(f.perSecond)}/s | ${one(f.p50)} ms | ${one(f.p99)} ms | ${one(f.aloneP50)} ms | ${one(f.aloneP95)} ms | ${f.peakMiB > 0 ? `${whole(f.peakMiB)} MiB` : '–'} |`,
  );
  return [
    `### ${title}`,
    '',
    `| | ${inFlight} in flight | p50 | p99 | alone p50 | alone p95 | memory |`,
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

export function ratios(figures: Map<string, Figures>): string {
  const [direct, floor, parley] = ['direct', 'floor', 'parley'].map((name) => figures.get(name)!);
  return [
    `- throughput: **${(parley!.perSecond / floor!.perSecond).toFixed(2)}** of the floor's`,
    `- alone, p50 over direct: **${one(parley!.aloneP50 - direct!.aloneP50)} ms** (the floor: ${one(floor!.aloneP50 - direct!.aloneP50)} ms)`,
    `- memory over the floor's processes: **${whole(parley!.peakMiB - floor!.peakMiB)} MiB**`,
    '',
  ].join('\n');
}

export function machine(postgres: string): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, PostgreSQL ${postgres}; everything, the load too, on this machine`;
}

import { HealthService, Metrics } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import {
  ChannelFiguresRepository,
  type ListenedChannel,
  type ProblemChannel,
  type Waiting,
} from './persistence/channel-figures.repository';

/** Several scrapers, and several metrics of one scrape, share what was read. */
const KEPT_MS = 3000;

interface Read {
  waiting: Waiting[];
  problems: ProblemChannel[];
  listening: ListenedChannel[];
}

/** What waits in channels, for Prometheus, and which do not work, for GET /health, too: read when somebody asks. Every process tells the same, about the whole installation. */
@Injectable()
export class ChannelGauges implements OnModuleInit {
  private kept: { at: number; read: Promise<Read | undefined> } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly figures: ChannelFiguresRepository,
    private readonly health: HealthService,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.health.reportChannelsBy(async () => {
      const read = await this.read();
      if (read === undefined) return null;
      const refused = read.problems.length;
      const unheard = read.listening.filter(({ isUnheard }) => isUnheard).length;
      return { status: refused + unheard > 0 ? 'warning' : 'ok', refused, unheard };
    });
    const labels = ['channel', 'type', 'direction'] as const;
    const labelsOf = ({ channelId, type, direction }: Waiting): Record<(typeof labels)[number], string> => ({
      channel: String(channelId),
      type,
      direction,
    });
    this.metrics.gauge(
      'parley_channel_waiting',
      'Messages that wait to come in or to go out.',
      labels,
      async (gauge) => {
        const read = await this.read();
        gauge.reset();
        for (const each of read?.waiting ?? []) gauge.set(labelsOf(each), each.count);
      },
    );
    this.metrics.gauge(
      'parley_channel_oldest_waiting_seconds',
      'How long the one waits that waits longest.',
      labels,
      async (gauge) => {
        const read = await this.read();
        gauge.reset();
        for (const each of read?.waiting ?? []) gauge.set(labelsOf(each), each.oldestSeconds);
      },
    );
    this.metrics.gauge(
      'parley_channel_problem',
      '1 for each channel that does not work until somebody does something.',
      ['channel', 'type', 'code'],
      async (gauge) => {
        const read = await this.read();
        gauge.reset();
        for (const { channelId, type, code } of read?.problems ?? []) {
          gauge.set({ channel: String(channelId), type, code }, 1);
        }
      },
    );
    this.metrics.gauge(
      'parley_channel_listening',
      'For each channel that has to be listened to: 1 when a worker does, else 0.',
      ['channel', 'type'],
      async (gauge) => {
        const read = await this.read();
        gauge.reset();
        for (const { channelId, type, isListening } of read?.listening ?? []) {
          gauge.set({ channel: String(channelId), type }, isListening ? 1 : 0);
        }
      },
    );
  }

  private read(): Promise<Read | undefined> {
    if (this.kept === undefined || performance.now() - this.kept.at > KEPT_MS) {
      this.kept = { at: performance.now(), read: this.look() };
    }
    return this.kept.read;
  }

  /** A scrape without these numbers is better than none. */
  private async look(): Promise<Read | undefined> {
    try {
      const [waiting, problems, listening] = await Promise.all([
        this.figures.waiting(),
        this.figures.problems(),
        this.figures.listening(),
      ]);
      return { waiting, problems, listening };
    } catch (error) {
      this.logger.warn({ err: error }, 'the numbers of channels could not be read for a scrape');
      return undefined;
    }
  }
}

import { Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The socket door in numbers. */
@Injectable()
export class RealtimeMetrics {
  readonly joins;
  readonly events;
  readonly deltasHeld;
  readonly closed;
  readonly refused;

  constructor(private readonly metrics: Metrics) {
    this.joins = metrics.counter('parley_socket_joins_total', 'Conversations that sockets began to follow.');
    this.events = metrics.counter(
      'parley_socket_events_total',
      'Events that sockets sent, by name and by what they were answered with: ok or a code.',
      ['event', 'code'],
    );
    this.deltasHeld = metrics.counter(
      'parley_socket_deltas_held_total',
      'Times that text of a reply was held back because its reader was slow.',
    );
    this.closed = metrics.counter('parley_sockets_closed_total', 'Sockets that were closed from here, by code.', [
      'code',
    ]);
    this.refused = metrics.counter('parley_socket_handshakes_refused_total', 'Handshakes that were refused, by code.', [
      'code',
    ]);
  }

  /** @param count is asked at each scrape */
  countSockets(count: () => number, follows: () => number): void {
    this.metrics.gauge('parley_sockets_open', 'Sockets that are open here.', [], (gauge) => gauge.set(count()));
    this.metrics.gauge('parley_socket_conversations', 'Conversations that sockets follow here.', [], (gauge) =>
      gauge.set(follows()),
    );
  }
}

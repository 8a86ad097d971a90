import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { eventually } from '../process';
import { type CollectedSpan, spansIn } from './spans';

/** An OTLP/HTTP collector that keeps what it is sent: the real protocol, decoded from protobuf. */
export class FakeCollector {
  readonly spans: CollectedSpan[] = [];
  /** The headers of every export. */
  readonly headers: IncomingHttpHeaders[] = [];
  /** All bytes that came, to look for what must not be in them. */
  readonly bodies: Buffer[] = [];
  private server: Server | undefined;

  /** @returns for OTEL_EXPORTER_OTLP_ENDPOINT */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const sent = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
        const isExport = request.method === 'POST' && request.url === '/v1/traces';
        if (isExport && request.headers['content-type'] === 'application/x-protobuf') {
          this.headers.push(request.headers);
          this.bodies.push(body);
          this.spans.push(...spansIn(body));
        }
        response.writeHead(isExport ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
      })().catch(() => response.writeHead(400).end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  /** The spans of a trace by the time of their start, once all that are waited for have come. */
  async trace(traceId: string, isWhole: (spans: CollectedSpan[]) => boolean): Promise<CollectedSpan[]> {
    return eventually(
      () => {
        const found = this.spans.filter((span) => span.traceId === traceId);
        return isWhole(found) ? found.sort((a, b) => a.startedAt - b.startedAt) : undefined;
      },
      `the spans of trace ${traceId}`,
      30_000,
    ).catch((error: unknown) => {
      const names = this.spans.map(({ traceId: id, name }) => `${id.slice(0, 6)} ${name}`);
      throw new Error(`${String(error)}; there are: ${names.join(', ')}`);
    });
  }
}

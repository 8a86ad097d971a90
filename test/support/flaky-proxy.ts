import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server on this machine, and can end connections as a broken network or load balancer does. */
export class FlakyProxy {
  /** Connections that were ever opened to it. */
  connections = 0;
  /** When true, every new connection is closed at once. */
  isClosingAtOnce = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param targetPort where new connections lead; may be changed, as when a load balancer finds another server */
  private constructor(public targetPort: number) {
    this.server = createServer((inner) => {
      this.connections += 1;
      if (this.isClosingAtOnce) {
        inner.destroy();
        return;
      }
      const outer = connect({ host: '127.0.0.1', port: this.targetPort });
      for (const [socket, other] of [
        [inner, outer],
        [outer, inner],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  static async start(targetPort: number): Promise<FlakyProxy> {
    const proxy = new FlakyProxy(targetPort);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.sockets.size / 2;
  }

  /** Breaks all open connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}

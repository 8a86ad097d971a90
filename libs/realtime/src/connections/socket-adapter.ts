import type { Server as HttpServer } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { AbstractWsAdapter } from '@nestjs/websockets';
import { Server } from 'socket.io';
import { RealtimeGateway } from '../realtime.gateway';
import { textParser } from './text-decoder';

/** In bytes: what a client may send at once. Above it the connection is closed without a word; the decoder refuses earlier and says why. */
const MAX_FRAME_BYTES = 512 * 1024;
/** A connection that does not become a socket is closed after this, in milliseconds. */
const CONNECT_TIMEOUT_MS = 20_000;

/**
 * Socket.IO on the server that serves HTTP. The gateway binds its events itself: Nest's own adapter makes an observable per event and socket,
 * which for thousands of idle sockets is more memory than the sockets themselves.
 */
export class SocketAdapter extends AbstractWsAdapter {
  constructor(private readonly app: INestApplicationContext) {
    super(app);
  }

  create(_port: number, options?: { path?: string }): Server {
    return new Server(this.httpServer as HttpServer, {
      path: options?.path,
      maxHttpBufferSize: MAX_FRAME_BYTES,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // It costs 300 KB per socket, and more than it saves for texts as short as ours.
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      // Nothing here goes by cookies, so any page may ask; who may use what is checked in the handshake and at each join.
      cors: { origin: true },
      parser: textParser,
    });
  }

  override bindClientConnect(): void {
    // The gateway does.
  }

  bindMessageHandlers(): void {
    // The gateway does.
  }

  /** Comes after the pause in which load balancers notice, and before the HTTP server closes, which is not done here. */
  override async close(server: Server): Promise<void> {
    await this.app.get(RealtimeGateway, { strict: false }).endAll();
    await server.sockets.adapter.close();
    server.engine.close();
  }
}

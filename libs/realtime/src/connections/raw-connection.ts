import type { Connection } from './connection';

interface WebSocketLike {
  readyState: number;
  bufferedAmount: number;
  terminate(): void;
}

const CLOSED = 3;

/** The WebSocket under a connection; undefined while it polls over HTTP. */
function webSocketOf(conn: Connection['conn']): WebSocketLike | undefined {
  return (conn.transport as unknown as { socket?: WebSocketLike }).socket;
}

/** Remembers a connection as it is now: afterwards Socket.IO forgets what is under it. @returns ends it, should it still be there, without waiting for the client */
export function terminator(conn: Connection['conn']): () => void {
  const socket = webSocketOf(conn);
  return () => {
    if (socket === undefined) conn.close(true);
    else if (socket.readyState !== CLOSED) socket.terminate();
  };
}

/** Bytes (of the text about as many) that wait for the client to read on. */
export function waitingBytes({ conn }: Pick<Connection, 'conn'>): number {
  let bytes = webSocketOf(conn)?.bufferedAmount ?? 0;
  for (const { data } of (conn as unknown as { writeBuffer: { data?: unknown }[] }).writeBuffer) {
    bytes += typeof data === 'string' ? data.length : 0;
  }
  return bytes;
}

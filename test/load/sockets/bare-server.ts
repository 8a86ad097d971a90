// The least that a Socket.IO server can be, for comparison: `node --import ./test/support/run-typescript.mjs test/load/sockets/bare-server.ts`.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('join-chat', ({ sessionId }: { sessionId: string }, ack: (answer: object) => void) => {
    void socket.join(sessionId);
    ack({ ok: true, messages: [] });
  });
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`listening ${address.port}\n`);
});

/** What stands in docs/asyncapi.yaml beside the events. */
export const DESCRIPTION = `The Socket.IO door: the same conversations as over REST, with everything that happens in them told at once.

Connect with any Socket.IO 4 client to the default namespace. Events have one JSON object as their payload; every event of a client may be acknowledged, and then the
answer is \`{"ok": true, …}\` or \`{"ok": false, "error": {"code", "detail", …}}\`.

The document is written from the server's side, as AsyncAPI asks for: it **receives** what clients emit, and **sends** what they listen to.

Delivery is at most once, as always with Socket.IO; nothing is lost all the same: every message has a \`seq\`, and \`sync\` (or \`join-chat\` with \`lastSeq\`) returns exactly what
came after the last one that the client has. A client that retries \`send-message\` with the same \`clientMessageId\` makes no second message.

Several api processes: connect with \`transports: ["websocket"]\`, or let the load balancer keep a client at its process.

A client for browsers and Node that does all of this is in libs/client (docs/client.md).`;

export const HANDSHAKE = `Credentials go into \`auth\` of the Socket.IO handshake (never into the address): \`{"token": "<access token>"}\`, as for REST, or \`{"sessionId": "<id of a support
session>"}\`; without either, \`join-chat\` must name a session. A handshake that is refused ends in \`connect_error\`, whose \`data\` has \`code\` and \`detail\`.`;

export const CODES =
  'What was refused, for programs: in `error` of an acknowledgement, in `chat-error`, and in `data` of `connect_error`.';

export const CODES_OF_REST =
  'What the same act is refused with over REST: `SESSION.…`, `CONVERSATION.…`, `TURN.…`, `PERSONA.…`, `WORKSPACE.…`, `SUPPORT.…`, `BUDGET.…`, `IDEMPOTENCY.MISMATCH`, `REQUEST.TOO_MANY`, `AUTH.…`, `DATABASE.…`.';

export const SECURITY = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token (`POST /auth/login`), as `auth.token` of the handshake. Renew it with the event `authenticate` before it ends.',
  },
  session: {
    type: 'userPassword',
    description: 'The id of a support session, as `auth.sessionId` of the handshake: whoever knows it may use it.',
  },
};

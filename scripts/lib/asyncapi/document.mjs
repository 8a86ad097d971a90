import { readErrors } from './read-errors.mjs';
import { readEvents } from './read-events.mjs';
import { schemasOf } from './schemas.mjs';
import { CODES, CODES_OF_REST, DESCRIPTION, HANDSHAKE, SECURITY } from './texts.mjs';

const CHANNEL = '#/channels/events';
const schema = (name) => ({ $ref: `#/components/schemas/${name}` });
const ofChannel = (message) => ({ $ref: `${CHANNEL}/messages/${message}` });

const pascal = (name) => name.replace(/(^|-)([a-z])/g, (_all, _dash, letter) => letter.toUpperCase());
const isName = (type) => /^[A-Z]\w*$/.test(type);
/** A type without a name of its own is named after its event. */
const schemaName = (type, event, suffix) => (isName(type) ? type : `${pascal(event)}${suffix}`);

/** The first sentence is the summary, all of it the description. */
const described = (text) =>
  text === '' ? {} : { summary: /^(.*?[^.])(?:\.\s|\.?$)/.exec(text)?.[1] ?? text, description: text };

const acknowledgement = (event, result) => ({
  name: `${event}: acknowledgement`,
  title: `Answer to ${event}`,
  payload: {
    oneOf: [
      {
        allOf: [
          { type: 'object', required: ['ok'], properties: { ok: { const: true } } },
          ...(result === 'object' ? [] : [schema(schemaName(result, event, 'Result'))]),
        ],
      },
      {
        type: 'object',
        required: ['ok', 'error'],
        properties: { ok: { const: false }, error: schema('SocketError') },
      },
    ],
  },
});

function fromClient(events) {
  const messages = {};
  const operations = {};
  for (const { name, description, payload, result } of events) {
    messages[`client.${name}`] = {
      name,
      title: name,
      ...described(description),
      payload: schema(schemaName(payload, name, 'Payload')),
    };
    messages[`ack.${name}`] = acknowledgement(name, result);
    operations[`receive-${name}`] = {
      action: 'receive',
      channel: { $ref: CHANNEL },
      title: name,
      ...described(description),
      messages: [ofChannel(`client.${name}`)],
      reply: { channel: { $ref: CHANNEL }, messages: [ofChannel(`ack.${name}`)] },
    };
  }
  return { messages, operations };
}

function fromServer(events) {
  const messages = {};
  const operations = {};
  for (const { name, description, payload } of events) {
    messages[`server.${name}`] = {
      name,
      title: name,
      ...described(description),
      payload: schema(schemaName(payload, name, 'Shown')),
    };
    operations[`send-${name}`] = {
      action: 'send',
      channel: { $ref: CHANNEL },
      title: name,
      ...described(description),
      messages: [ofChannel(`server.${name}`)],
    };
  }
  return { messages, operations };
}

function aliases(client, server) {
  const all = { SocketError: 'SocketError', SocketHandshake: 'SocketHandshake' };
  for (const { name, payload, result } of client) {
    all[schemaName(payload, name, 'Payload')] = payload;
    if (result !== 'object') all[schemaName(result, name, 'Result')] = result;
  }
  for (const { name, payload } of server) all[schemaName(payload, name, 'Shown')] = payload;
  return all;
}

/** All codes of the socket door itself; those of REST may come as well. */
const errorCodes = (errors) => ({
  description: CODES,
  anyOf: [
    ...[...errors].map(([code, details]) => ({ const: code, description: details.join(' Or: ') })),
    { type: 'string', pattern: '^[A-Z_]+\\.[A-Z_]+$', description: CODES_OF_REST },
  ],
});

/**
 * The AsyncAPI 3.0 document of the socket door.
 * @param text of libs/contracts/src/socket-events.ts @param errors text of libs/realtime/src/socket-errors.ts
 */
export function asyncApiDocument(text, errors, version) {
  const client = readEvents(text, 'ClientToServerEvents');
  const server = readEvents(text, 'ServerToClientEvents');
  const received = fromClient(client);
  const sent = fromServer(server);
  const schemas = schemasOf(text, aliases(client, server));
  schemas.SocketError.properties.code = schema('SocketErrorCode');
  return {
    asyncapi: '3.0.0',
    info: { title: 'Parley, Socket.IO', version, description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:3000',
        pathname: '/socket.io/',
        protocol: 'ws',
        protocolVersion: 'Socket.IO 5, Engine.IO 4',
        description: `What \`npm start\` starts; wss behind a proxy that ends TLS. ${HANDSHAKE}`,
        security: [
          { $ref: '#/components/securitySchemes/accessToken' },
          { $ref: '#/components/securitySchemes/session' },
        ],
        'x-handshake-auth': schema('SocketHandshake'),
      },
    },
    channels: {
      events: {
        address: '/',
        title: 'Default namespace',
        description: 'All events. Those of a session or conversation come after `join-chat`.',
        servers: [{ $ref: '#/servers/local' }],
        messages: { ...received.messages, ...sent.messages },
      },
    },
    operations: { ...received.operations, ...sent.operations },
    components: {
      securitySchemes: SECURITY,
      schemas: { ...schemas, SocketErrorCode: errorCodes(readErrors(errors)) },
    },
  };
}

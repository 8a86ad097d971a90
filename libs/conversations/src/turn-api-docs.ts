import { applyDecorators, type Type } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { SendMessageResponse, TurnResponse } from './dto/turn.response';

/** A stream as a person would see it with `curl -N`. */
export const EVENT_STREAM_EXAMPLE = `id: 1
event: turn.started
data: {"turn_id":1,"attempt":1,"conversation_id":1,"user_message":{…}}

id: 2
event: message.delta
data: {"turn_id":1,"attempt":1,"offset":0,"delta":"Hey "}

id: 3
event: message.delta
data: {"turn_id":1,"attempt":1,"offset":4,"delta":"there!"}

id: 4
event: message.completed
data: {"turn_id":1,"attempt":1,"status":"completed","assistant_message":{…},"usage":{"input_tokens":18,"output_tokens":7,…}}
`;

export const EVENT_STREAM = {
  'text/event-stream': { schema: { type: 'string' as const }, example: EVENT_STREAM_EXAMPLE },
};

/** Documents a route that does its work once for each key. */
export const TakesIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Send the same key again after a broken connection: the message is stored once, and the answer is that of the first.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  });

/** Documents a route that makes a turn. @param answer what it answers when the reply is there */
export const AnswersWithTurn = (answer: Type = SendMessageResponse): MethodDecorator =>
  applyDecorators(
    TakesIdempotencyKey(),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`respond-async`: do not wait for the reply.',
      schema: { type: 'string' },
    }),
    ApiExtraModels(answer),
    ApiResponse({
      status: 200,
      description:
        'Both messages, or with `Accept: text/event-stream` the events of the turn (see GET /chat/turns/{turn_id}/events).',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(answer) } },
        ...EVENT_STREAM,
      },
    }),
    ApiAcceptedResponse({ type: TurnResponse, description: 'Stored; the reply comes later.' }),
  );

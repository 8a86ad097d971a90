import type { PromptMessage } from './provider.port';
import type { JsonObject } from './untyped-json';

/** A message as the Responses and the Conversations API take it. */
export const messageOf = ({ role, content }: PromptMessage): JsonObject => ({
  role,
  content:
    typeof content === 'string'
      ? content
      : content.map((part) =>
          part.type === 'text'
            ? { type: 'input_text', text: part.text }
            : { type: 'input_image', image_url: part.url, detail: part.detail ?? 'auto' },
        ),
});

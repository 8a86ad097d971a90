/** A stream as a person would see it with `curl -N`. */
export const PREVIEW_STREAM_EXAMPLE = `id: 1
event: preview.started
data: {"persona_id":7,"version":4,"is_changed":false,"model":"gpt-6-luna"}

id: 2
event: message.delta
data: {"offset":0,"delta":"Hey "}

id: 3
event: message.completed
data: {"persona_id":7,"version":4,"is_changed":false,"assistant_message":{…},"usage":{…},"cost_usd":0.00001,"first_token_ms":310,"total_ms":870}
`;

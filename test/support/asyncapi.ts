import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

const FILE = resolve(__dirname, '../../docs/asyncapi.yaml');

/** Compares what went over a socket with docs/asyncapi.yaml. */
export class AsyncApiContract {
  /** What does not fit, in words. */
  readonly flaws: string[] = [];
  /** Events that were looked at. */
  readonly seen = new Set<string>();
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  private readonly messages: Record<string, object>;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor() {
    const document = parse(readFileSync(FILE, 'utf8')) as {
      channels: { events: { messages: Record<string, object> } };
      components: object;
    };
    this.messages = document.channels.events.messages;
    this.ajv.addSchema({ $id: 'asyncapi', components: document.components, channels: document.channels });
  }

  /** @param kind `server` for what was heard, `client` for what was said, `ack` for how that was answered */
  check(kind: 'server' | 'client' | 'ack', event: string, payload: unknown): void {
    const name = `${kind}.${event}`;
    this.seen.add(name);
    if (this.messages[name] === undefined) {
      this.flaws.push(`${name} is not in the document`);
      return;
    }
    const validate =
      this.compiled.get(name) ?? this.ajv.compile({ $ref: `asyncapi#/channels/events/messages/${name}/payload` });
    this.compiled.set(name, validate);
    if (!validate(payload))
      {this.flaws.push(`${name}: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(payload)}`);}
  }
}

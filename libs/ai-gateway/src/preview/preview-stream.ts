import { Readable } from 'node:stream';
import { AppError } from '@app/kernel';
import type { PreviewHooks } from './preview-caller';
import { PreviewResponse } from './dto/preview.response';
import type { RunningPreview } from './previews.service';

/** Proxies close connections that are silent for a minute; a comment says that this one is alive. */
const KEEP_ALIVE_MS = 15_000;

/**
 * A preview as server-sent events, with the names and fields of a turn's. There is no `retry` and no way to resume: nothing is kept. What is
 * written waits here for a slow reader; it is bounded by the longest answer that a persona can ask for.
 */
export class PreviewStream extends Readable {
  private number = 0;
  private offset = 0;
  private readonly keepAlive = setInterval(() => this.push(': keep-alive\n\n'), KEEP_ALIVE_MS);

  constructor(running: RunningPreview) {
    super();
    const { persona, isChanged, built } = running.preview;
    this.tell('preview.started', {
      persona_id: persona.personaId,
      version: persona.version,
      is_changed: isChanged,
      model: built.request.model,
    });
    const hooks: PreviewHooks = {
      onDelta: (delta) => {
        this.tell('message.delta', { offset: this.offset, delta });
        this.offset += delta.length;
      },
      onToolCall: (call) => this.tell('message.tool_call', { tool_call: call }),
    };
    running.finish(hooks).then(
      (answer) => this.end('message.completed', PreviewResponse.from(running.preview, answer)),
      (error: unknown) => this.end('preview.failed', { error: shownOf(error) }),
    );
  }

  override _read(): void {
    // It comes when the model writes it.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.keepAlive);
    callback(error);
  }

  private end(event: string, data: object): void {
    this.tell(event, data);
    clearInterval(this.keepAlive);
    if (!this.destroyed) this.push(null);
  }

  private tell(event: string, data: object): void {
    if (this.destroyed) return;
    this.number += 1;
    this.push(`id: ${this.number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

const shownOf = (error: unknown): { code: string; detail: string } =>
  error instanceof AppError
    ? { code: error.code, detail: error.detail }
    : { code: 'INTERNAL', detail: 'Something went wrong on our side. Try again; if it stays, report the request id.' };

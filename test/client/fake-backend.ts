/** What a request was, with its body read. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

type Answer = Response | Error | ((request: SeenRequest) => Response | Promise<Response>);

/** Stands in for the network: answers each request with the next thing that was prepared, the last one for ever. */
export class FakeBackend {
  readonly seen: SeenRequest[] = [];
  private readonly answers: Answer[] = [];

  readonly fetch = async (input: string | URL | Request): Promise<Response> => {
    const request = input as Request;
    request.signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const seen = {
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: await request.text(),
    };
    this.seen.push(seen);
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer.clone() : answer(seen);
  };

  next(...answers: Answer[]): this {
    this.answers.push(...answers);
    return this;
  }
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json({ type: 'urn', title: 'x', status, code, detail: `Because of ${code}.` }, status, headers);

/** A stream of events; with `isCut` the connection breaks behind them, in the middle of the next one. */
export const events =
  (
    list: { id: number; event: string; data: object }[],
    { isCut = false, turnId = 7 }: { isCut?: boolean; turnId?: number } = {},
  ) =>
  (): Response => {
    const text = list.map(({ id, event, data }) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    const parts = [
      'retry: 1000\n\n: hello\n\n',
      ...text,
      ...(isCut ? ['id: 99\nevent: message.delta\ndata: {"tu'] : []),
    ];
    // Without a queue of its own, so that the error does not overtake what came before it.
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const part = parts.shift();
          if (part !== undefined) controller.enqueue(new TextEncoder().encode(part));
          else if (isCut) controller.error(new TypeError('terminated'));
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', location: `/chat/turns/${turnId}` },
    });
  };

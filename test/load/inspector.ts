interface CdpAnswer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

const ANSWER_MS = 30_000;

/** Speaks with the inspector of a process that was started with `--inspect`: figures of its heap without a line of product code. */
export class Inspector {
  private nextId = 1;
  private readonly waiting = new Map<number, (answer: CdpAnswer) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', (event) => {
      const answer = JSON.parse(String(event.data)) as CdpAnswer;
      if (answer.id === undefined) return;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
  }

  /** @param log what the process has printed; it names the inspector's address */
  static async attach(log: string): Promise<Inspector> {
    const url = /Debugger listening on (ws:\/\/\S+)/.exec(log)?.[1];
    if (url === undefined) throw new Error(`The process has no inspector:\n${log}`);
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`The inspector at ${url} does not answer.`)));
    });
    return new Inspector(socket);
  }

  /** One command of the DevTools protocol. @throws Error with the inspector's words, or when it does not answer in 30 s */
  async command<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    const id = this.nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<CdpAnswer>();
    const timer = setTimeout(() => reject(new Error(`${method} was not answered within ${ANSWER_MS} ms.`)), ANSWER_MS);
    this.waiting.set(id, resolve);
    this.socket.send(JSON.stringify({ id, method, params }));
    try {
      const { result, error } = await promise;
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result as T;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  /** Value of an expression in the process. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result } = await this.command<{ result: { value: T } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  /** Every living EventEmitter, and the listeners on all of them together. */
  async emitters(): Promise<{ emitters: number; listeners: number }> {
    const group = { objectGroup: 'emitters' };
    const { result: prototype } = await this.command<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression: 'Object.getPrototypeOf(Object.getPrototypeOf(process))',
      ...group,
    });
    const { objects } = await this.command<{ objects: { objectId: string } }>('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId,
      ...group,
    });
    const { result } = await this.command<{ result: { value: { emitters: number; listeners: number } } }>(
      'Runtime.callFunctionOn',
      {
        objectId: objects.objectId,
        returnByValue: true,
        functionDeclaration: `function () {
          let listeners = 0;
          for (const emitter of this) {
            for (const own of Object.values(emitter._events ?? {})) listeners += Array.isArray(own) ? own.length : own === undefined ? 0 : 1;
          }
          return { emitters: this.length, listeners };
        }`,
      },
    );
    await this.command('Runtime.releaseObjectGroup', group);
    return result.value;
  }

  close(): void {
    this.socket.close();
  }
}

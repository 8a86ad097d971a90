/** An answer as the load sees it. `status` 0: there was none, and `failure` says why. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  failure: string | null;
}

const codeOf = (error: unknown): string => {
  const outer = error as { name?: string; cause?: { code?: string; message?: string } };
  return outer.cause?.code ?? outer.cause?.message ?? outer.name ?? String(error);
};

/** One HTTP request that never throws: a broken connection is an answer too. */
export async function ask(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; timeoutMs: number },
): Promise<RawAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    return { status: response.status, headers: response.headers, text: await response.text(), failure: null };
  } catch (error) {
    return { status: 0, headers: new Headers(), text: '', failure: codeOf(error) };
  }
}

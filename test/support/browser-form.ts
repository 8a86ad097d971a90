/** What a browser gets. */
export interface PageAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Talks to the admin pages as a browser does: keeps their cookie, follows nothing by itself. */
export class Browser {
  cookie = '';

  constructor(private readonly url: string) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<PageAnswer> {
    return this.fetch(path, { headers: { accept: 'text/html,application/xhtml+xml', ...headers } });
  }

  /** Sends a form from a page of ours, unless `headers` say otherwise. */
  async submit(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<PageAnswer> {
    const answer = await this.fetch(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'text/html', origin: this.url, ...headers },
    });
    const set = answer.headers.get('set-cookie');
    if (set !== null) this.cookie = set.split(';')[0]!;
    return answer;
  }

  async fetch(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<PageAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...init.headers },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

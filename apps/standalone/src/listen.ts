import { type HttpConfig, listenOptions } from '@app/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const UNSPECIFIED = new Set(['0.0.0.0', '::']);

/** Listens on the configured port, or on a free one when that is taken, and says so. Returns the URL. */
export async function listen(
  app: NestFastifyApplication,
  http: HttpConfig,
  say: (text: string) => void,
): Promise<string> {
  try {
    await app.listen(listenOptions(http.port, http.host));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await app.listen(listenOptions(0, http.host));
    say(`Port ${http.port} is taken, so Parley listens on a free one. Set PORT to choose another.`);
  }
  const address = app.getHttpServer().address() as { port: number };
  const host = UNSPECIFIED.has(http.host) ? '127.0.0.1' : http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

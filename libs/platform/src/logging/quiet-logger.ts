import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Nest tells each module and route at every start; that is for debugging. */
const CHATTY_CONTEXTS = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** Nest's messages go to the structured log, the chatty ones as `debug`. */
@Injectable()
export class QuietLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && CHATTY_CONTEXTS.has(context)) this.debug(message, ...(rest as [string]));
    else super.log(message, ...(rest as [string]));
  }
}

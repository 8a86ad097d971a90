import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { AppConfig } from '../config';
import { configuredSecrets } from './configured-secrets';
import { serializeError } from './error-serializer';
import { contextFields } from './request-context';
import { QuietLogger } from './quiet-logger';
import { secretScrubber } from './secret-scrubber';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,100}$/;

/** Takes the caller's `X-Request-Id` when it is well-formed, so that logs of several systems can be joined; else makes one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

@Global()
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [AppConfig],
      useFactory: (config: AppConfig) => {
        const scrub = secretScrubber(configuredSecrets(config));
        return {
          pinoHttp: {
            level: config.logLevel,
            // Requests are logged by `logRequests`, which works below Nest and also sees what never reaches a route.
            autoLogging: false,
            mixin: contextFields,
            serializers: { err: (error: unknown) => serializeError(error) },
            // Wrapped, the serializer would be handed an error that is serialised already.
            wrapSerializers: false,
            redact: ['req.headers', 'password', '*.password', 'access_token', 'refresh_token', '*.refresh_token'],
            hooks: { streamWrite: scrub },
            ...(config.logPretty
              ? {
                  transport: {
                    target: 'pino-pretty',
                    options: { singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' },
                  },
                }
              : {}),
          },
        };
      },
    }),
  ],
  providers: [QuietLogger],
  exports: [QuietLogger],
})
export class LoggingModule {}

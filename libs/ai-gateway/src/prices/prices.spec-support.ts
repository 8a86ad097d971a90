import { AppConfig, EventsBus } from '@app/platform';
import { PinoLogger } from 'nestjs-pino';
import type { TestDatabase } from '../../../../test/support/database';
import { PricesRepository } from './persistence/prices.repository';
import { PriceBook } from './price-book';

export const silentLogger = new PinoLogger({ pinoHttp: { level: 'silent' } });

/** A bus of one process: nobody else is there to be told. */
function busAlone(): EventsBus {
  const nothing = (): Promise<void> => Promise.resolve();
  const transport = { batchMs: 40, maxPayloadBytes: 8000, start: nothing, send: nothing, expectEnd: () => undefined, stop: nothing };
  return new EventsBus(transport, silentLogger);
} // prettier-ignore

/** The price book of a process, and the bus on which it hears of changes. */
export function aPriceBook(db: TestDatabase, env: NodeJS.ProcessEnv = {}): { book: PriceBook; events: EventsBus } {
  const events = busAlone();
  const config = new AppConfig({
    DATABASE_URL: db.url,
    SECRET_KEY: 'x'.repeat(40),
    ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
    ...env,
  });
  const book = new PriceBook(new PricesRepository(db.database), events, config);
  book.onModuleInit();
  return { book, events };
}

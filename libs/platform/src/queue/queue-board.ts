import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { isDatabaseUnavailable } from '../database/pg-errors';
import { BoardFiles, boardUi } from './board-files';
import { BoardRoutes } from './board-routes';
import { JobQueue } from './job-queue';

/** How often the page asks for news by itself, in seconds. */
const POLLING_SECONDS = 5;
const RETRY_AFTER_SECONDS = 2;
/** Numbers and UUIDs. */
const ID = /^(\d{1,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export interface BoardAnswer {
  status: number;
  contentType: string;
  body: string | Buffer;
}

export interface BoardOptions {
  /** Path of the page, without a slash at its end. */
  basePath: string;
  /** Entries of the page's menu. */
  links: { text: string; url: string }[];
}

/** The queue as a page that shows and changes nothing (bull-board), over the queue object that this process has anyway. */
@Injectable()
export class QueueBoard {
  private board: Promise<{ routes: BoardRoutes; files: BoardFiles }> | undefined;

  constructor(private readonly queue: JobQueue) {}

  /**
   * What the page answers to a GET; undefined when there is nothing at this path.
   * @param path after the base path
   * @throws 503 QUEUE.UNAVAILABLE
   */
  async answer(path: string, query: Record<string, unknown>, options: BoardOptions): Promise<BoardAnswer | undefined> {
    const { routes, files } = await (this.board ??= this.build(options));
    const values = routes.page(path, options.basePath);
    if (values !== undefined) return { status: 200, contentType: 'text/html; charset=utf-8', body: files.page(values) };
    const file = await files.read(path);
    if (file !== undefined) return { status: 200, contentType: file.contentType, body: file.content };
    const answer = await routes.answer(path, query).catch((error: unknown) => {
      throw unavailable(error);
    });
    return answer && { ...answer, contentType: 'application/json; charset=utf-8', body: JSON.stringify(answer.body) };
  }

  /** Loaded when the page is opened for the first time: most processes never show it, and it takes 6 MB. */
  private async build({ links }: BoardOptions): Promise<{ routes: BoardRoutes; files: BoardFiles }> {
    const { createBullBoard } = await import('@bull-board/api');
    const { BullMQAdapter } = await import('@bull-board/api/bullMQAdapter');
    const routes = new BoardRoutes();
    const adapter = new BullMQAdapter(this.queue.bull, {
      readOnlyMode: true,
      description:
        'Wake-ups of conversations and scheduled work. The truth is in the database: losing a job loses no message.',
    });
    adapter.setFormatter('data', onlyIds);
    createBullBoard({
      queues: [adapter],
      serverAdapter: routes,
      options: {
        uiBasePath: boardUi(),
        uiConfig: {
          boardTitle: 'Parley queues',
          hideDocsLink: true,
          miscLinks: links,
          pollingInterval: { showSetting: true, forceInterval: POLLING_SECONDS },
        },
      },
    });
    return { routes, files: new BoardFiles() };
  }
}

/** Jobs carry ids only (see JobMap); should one ever carry more, it is not for this page. */
function onlyIds(data: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'number' || (typeof value === 'string' && ID.test(value)) ? value : '(not shown)',
    ]),
  );
}

/** A fault of the queue's own server. Whatever it is, the page is all that misses it. */
function unavailable(error: unknown): unknown {
  if (isDatabaseUnavailable(error)) return error;
  return new AppError('QUEUE.UNAVAILABLE', 503, 'The queue cannot be read right now. Try again in a moment.', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

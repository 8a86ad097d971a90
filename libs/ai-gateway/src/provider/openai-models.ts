import { isCalendarDay } from '@app/kernel';
import type { OpenAI } from 'openai';
import { ApiKeys } from './api-keys';
import { explainFailure, isAbort } from './explain-failure';
import { type ListedModel, MAX_MODEL_ID_LENGTH, type ModelList, type ModelsApi } from './models.port';
import { connectOpenAI } from './openai-connection';
import { ProviderError } from './provider.error';
import type { ProviderOptions } from './provider.port';
import { bodyOf, readText } from './streaming-fetch';
import { type JsonObject, objectOf, parseJson, stringOf } from './untyped-json';

/** Nobody waits for this, but a server that never answers must not keep the job. */
const TIMEOUT_MS = 20_000;
/** OpenAI has about a hundred models, aggregators some hundreds; each is some hundred bytes. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_MODELS = 5_000;
/** The server does not know the path, or not for reading. */
const NO_SUCH_LIST = new Set([404, 405, 410, 501]);

/** The Models API over the official client. */
export class OpenAIModels implements ModelsApi {
  private readonly client: OpenAI;
  private readonly keys: ApiKeys;

  constructor(options: ProviderOptions) {
    this.client = connectOpenAI(options);
    this.keys = options.keys ?? new ApiKeys([options.apiKey || 'none']);
  }

  async list(): Promise<ModelList> {
    try {
      return listIn(await this.read());
    } catch (error) {
      if (error instanceof ProviderError && NO_SUCH_LIST.has(error.httpStatus ?? 0)) return { outcome: 'unsupported' };
      throw error;
    }
  }

  private async read(): Promise<JsonObject | null> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const apiKey = this.keys.take();
    let answered = false;
    try {
      const headers = { authorization: `Bearer ${apiKey}` };
      const response = await this.client.get('/models', { signal, headers }).asResponse();
      answered = true;
      this.keys.works(apiKey);
      const stream = bodyOf(response);
      signal.addEventListener('abort', () => void stream.destroy(), { once: true });
      return objectOf(parseJson(await readText(stream, MAX_ANSWER_BYTES)));
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (signal.aborted || isAbort(error)) {
        throw new ProviderError('UPSTREAM.TIMEOUT', { logDetail: 'get /models: no answer', cause: error });
      }
      const asked = { answered, apiKey, sentPromptId: false, sentConversationId: false };
      const failure = explainFailure(error, asked);
      // Each key is put aside at most once in a row, so this ends.
      if (failure.code === 'UPSTREAM.UNAUTHORIZED' && this.keys.putAside(apiKey, failure.code)) return this.read();
      throw failure;
    }
  }
}

function listIn(answer: JsonObject | null): ModelList {
  if (!Array.isArray(answer?.data)) {
    throw new ProviderError('UPSTREAM.BAD_ANSWER', { logDetail: 'the list of models has no data' });
  }
  const items = answer.data.slice(0, MAX_MODELS).map(objectOf);
  const models = items.map(modelIn).filter((model) => model !== null);
  return {
    outcome: 'listed',
    models,
    // An empty list is what servers give that load a model when it is asked for.
    isComplete: models.length > 0 && answer.data.length <= MAX_MODELS && answer.has_more !== true,
    hasShutdownDates: items.some((item) => item !== null && 'shutdown_date' in item),
  };
}

function modelIn(item: JsonObject | null): ListedModel | null {
  const id = stringOf(item?.id);
  if (id === null || id === '' || id.length > MAX_MODEL_ID_LENGTH || id.includes('\0')) return null;
  return { id: id.toWellFormed(), shutdownDate: dayIn(stringOf(item?.shutdown_date)) };
}

/** OpenAI writes YYYY-MM-DD; of a whole time only the day is of interest. */
function dayIn(text: string | null): string | null {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T.*)?$/.exec(text ?? '')?.[1];
  return day !== undefined && isCalendarDay(day) ? day : null;
}

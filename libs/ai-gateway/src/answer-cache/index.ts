export { AnswerCacheService } from './answer-cache.service';
export type { CachePlace } from './cache-place';
export { CachedReplies } from './cached-replies';
export { CachedAnswersRepository } from './persistence/cached-answers.repository';

export * from './provider.port';
export { hasImages, PICTURE_LEFT_OUT, textOf } from './request-content';
export { ProviderError, PROVIDER_ERROR_CODES, type ProviderErrorCode, type ProviderErrorKind } from './provider.error';
export { ApiKeys, type KeyTrouble } from './api-keys';
export type { RateLimits, RateWindow } from './rate-limits';
export { createProvider } from './provider.factory';
export { UNKNOWN_USAGE } from './usage';
export { SimulatorServer } from './simulator/simulator-server';
export type { ToldContextLimit } from './context-limit';

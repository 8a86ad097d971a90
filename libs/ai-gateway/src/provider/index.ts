export * from './provider.port';
export * from './conversations.port';
export { hasImages, PICTURE_LEFT_OUT, textOf } from './request-content';
export { ProviderError, PROVIDER_ERROR_CODES, type ProviderErrorCode, type ProviderErrorKind } from './provider.error';
export { createConversationsApi, createProvider } from './provider.factory';
export { UNKNOWN_USAGE } from './usage';
export { SimulatorServer } from './simulator/simulator-server';
export type { ToldContextLimit } from './context-limit';

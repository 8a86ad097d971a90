export { GuardedNetwork, type GuardedAnswer, type GuardedNetworkOptions, type GuardedRequest } from './guarded-network';
export { NetworkFailure, type NetworkFailureKind } from './network-failure';
export { isPublicAddress } from './public-address';
export { WebhookFailed, Webhooks } from './webhooks';

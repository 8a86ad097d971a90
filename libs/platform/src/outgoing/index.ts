export { isPublicAddress } from './public-address';
export { WebhookFailed, Webhooks } from './webhooks';

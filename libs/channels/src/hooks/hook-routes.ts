import { CHANNEL_TYPES } from '../core/channel';

/** Meta sends up to 3 MB: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview */
export const HOOK_BODY_BYTES = 3_145_728;

const ROUTES = new Set(CHANNEL_TYPES.flatMap((type) => [`/webhooks/${type}`, `/webhooks/${type}/:channel_id`]));

/** Where other systems tell what has happened there. @param url of a route, such as `/webhooks/whatsapp` */
export const isHookRoute = (url: string): boolean => ROUTES.has(url);

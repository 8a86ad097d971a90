import { CHANNEL_TYPES, type ChannelType } from '../core/channel';

/** Meta sends up to 3 MB: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview */
export const HOOK_BODY_BYTES = 3_145_728;

/** What Mattermost has addresses for; each for itself, and after the number of a channel. */
export const MATTERMOST_PURPOSES = ['outgoing', 'command'] as const;

const routesOf = (type: ChannelType): string[] =>
  type === 'mattermost'
    ? MATTERMOST_PURPOSES.flatMap((purpose) => [
        `/webhooks/${type}/${purpose}`,
        `/webhooks/${type}/:channel_id/${purpose}`,
      ])
    : [`/webhooks/${type}`, `/webhooks/${type}/:channel_id`];

const ROUTES = new Set(CHANNEL_TYPES.flatMap(routesOf));

/** Where other systems tell what has happened there. @param url of a route, such as `/webhooks/whatsapp` */
export const isHookRoute = (url: string): boolean => ROUTES.has(url);

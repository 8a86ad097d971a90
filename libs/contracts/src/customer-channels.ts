/** The doors (`conversations.channel`) through which a workspace's customers write. What comes through any other, such as Mattermost, is colleagues' own. */
export const CUSTOMER_CHANNELS: readonly string[] = ['support', 'whatsapp', 'instagram'];

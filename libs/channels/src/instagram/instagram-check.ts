import { ChannelSendError, type CheckResult } from '../core/channel-adapter';
import { type MetaNames, whyNot } from '../meta/why-not';
import { idIn, isRecord, type Json, recordsIn, textIn } from '../meta/json';

type Ask = (path: string, query: Record<string, string>) => Promise<Json>;

const NAMES: MetaNames = {
  id: 'account_id',
  permissions: 'instagram_business_basic and instagram_business_manage_messages',
  tokenPlace: 'under Instagram → API setup with Instagram login',
  secretPlace: 'Instagram → API setup with Instagram login',
  accountPlace: 'the account status in the Instagram app',
};

/** What Meta says about an Instagram account: that the token is its own, and that its messages are sent here. */
export async function checkInstagram(accountId: string, ask: Ask): Promise<CheckResult> {
  const findings: CheckResult['findings'] = [];
  try {
    const me = await ask('me', { fields: 'user_id,username,account_type' });
    findings.push({ name: 'credentials', isOk: true, detail: 'Meta takes the access token.' });
    const name = textIn(me, 'username', 100) ?? 'an account without a name';
    const isOwn = idIn(me, 'user_id') === accountId;
    findings.push({
      name: 'account',
      isOk: isOwn,
      detail: isOwn
        ? `The token belongs to ${name}.`
        : `The token belongs to ${name}, whose user_id is not account_id: webhooks would be for another account.`,
    });
    findings.push(await subscription(ask));
  } catch (error) {
    if (!(error instanceof ChannelSendError)) throw error;
    findings.push(whyNot(error, NAMES));
  }
  return { isWorking: findings.every(({ isOk }) => isOk), findings };
}

/** Beside the webhook of the app, each account must be subscribed: https://developers.facebook.com/documentation/instagram-platform/webhooks */
async function subscription(ask: Ask): Promise<CheckResult['findings'][number]> {
  let apps: Json[];
  try {
    apps = recordsIn(await ask('me/subscribed_apps', {}), 'data');
  } catch (error) {
    if (!(error instanceof ChannelSendError)) throw error;
    return { ...whyNot(error, NAMES), name: 'subscription' };
  }
  const fields = apps.flatMap((app) =>
    Array.isArray(app.subscribed_fields) ? (app.subscribed_fields as unknown[]) : [],
  );
  const isOk = fields.some((field) => (isRecord(field) ? field.name : field) === 'messages');
  return {
    name: 'subscription',
    isOk,
    detail: isOk
      ? 'Messages of the account are sent to the app.'
      : 'Messages of the account are not sent to the app: POST /me/subscribed_apps?subscribed_fields=messages with its token.',
  };
}

import { ChannelSendError, type CheckResult } from '../core/channel-adapter';
import { type Json, textIn } from '../meta/json';
import { type MetaNames, whyNot } from '../meta/why-not';

type Finding = CheckResult['findings'][number];

const FIELDS = 'display_phone_number,verified_name,quality_rating,platform_type,status';
const NAMES: MetaNames = {
  id: 'phone_number_id',
  permissions: 'whatsapp_business_messaging and whatsapp_business_management',
  tokenPlace: 'for the system user in the business settings',
  secretPlace: 'App settings → Basic',
  accountPlace: 'the WhatsApp Manager',
};

/** What keeps a number from sending. @see https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status/ */
const NOT_CONNECTED: Readonly<Record<string, string>> = {
  PENDING: 'is not registered yet: register it in the WhatsApp Manager',
  OFFLINE: 'is not connected: register it again in the WhatsApp Manager',
  DISCONNECTED: 'is not connected: register it again in the WhatsApp Manager',
  UNVERIFIED: 'is not verified: verify it in the WhatsApp Manager',
  BANNED: 'is banned: the WhatsApp Manager says why, and how to appeal',
  RESTRICTED: 'may begin no conversations at present, for it has reached its limit of a day',
  RATE_LIMITED: 'may send nothing at present, for it has reached its limit',
  FLAGGED: 'is flagged for its quality: people block or report it',
  MIGRATED: 'was moved to another account: take the phone_number_id that it has there',
  DELETED: 'was removed from its account',
};

/** What Meta says about a number. @param askNumber with the query; also proves the app's secret. */
export async function checkWhatsApp(askNumber: (query: Record<string, string>) => Promise<Json>): Promise<CheckResult> {
  let number: Json;
  try {
    number = await askNumber({ fields: FIELDS });
  } catch (error) {
    if (!(error instanceof ChannelSendError)) throw error;
    return { isWorking: false, findings: [whyNot(error, NAMES)] };
  }
  const findings = [
    { name: 'credentials', isOk: true, detail: 'Meta takes the access token, and the app secret belongs to it.' },
    connectionOf(number),
    platformOf(number),
    qualityOf(number),
  ];
  return { isWorking: findings.every(({ isOk }) => isOk), findings };
}

function connectionOf(number: Json): Finding {
  const status = textIn(number, 'status', 40);
  const isOk = status === null || status === 'CONNECTED';
  const shown = textIn(number, 'display_phone_number', 40) ?? 'The number';
  const name = textIn(number, 'verified_name', 200);
  const what = isOk
    ? 'is connected'
    : Object.hasOwn(NOT_CONNECTED, status)
      ? NOT_CONNECTED[status]
      : 'is not connected: look at the WhatsApp Manager';
  return {
    name: 'number',
    isOk,
    detail: `${shown}${name === null ? '' : `, which people see as "${name}",`} ${what}.`,
  };
}

function platformOf(number: Json): Finding {
  const platform = textIn(number, 'platform_type', 40);
  const isOk = platform === null || platform === 'CLOUD_API';
  return {
    name: 'cloud_api',
    isOk,
    detail: isOk
      ? 'The number is registered for the Cloud API.'
      : 'The number is not registered for the Cloud API: register it in the WhatsApp Manager.',
  };
}

function qualityOf(number: Json): Finding {
  const isOk = textIn(number, 'quality_rating', 40) !== 'RED';
  return {
    name: 'quality',
    isOk,
    detail: isOk
      ? 'Meta has no complaint about the quality.'
      : 'Meta rates the quality low: people block or report the number, and sending may be limited.',
  };
}

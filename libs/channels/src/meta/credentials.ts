import { AppError, type FieldError } from '@app/kernel';
import type { Credentials } from '../core/channel-adapter';

interface Rule {
  name: string;
  pattern: RegExp;
  /** What to do about it. */
  message: string;
}

const ACCOUNT_ID = /^\d{5,30}$/;
const SECRETS: Rule[] = [
  {
    name: 'access_token',
    pattern: /^[\x21-\x7e]{20,1000}$/,
    message: 'must be an access token of Meta: 20 to 1000 characters, no spaces.',
  },
  {
    name: 'app_secret',
    pattern: /^[\x21-\x7e]{16,200}$/,
    message: 'must be the secret of the app that sends the webhooks: 16 to 200 characters, no spaces.',
  },
  {
    name: 'verify_token',
    pattern: /^[\x21-\x7e]{8,200}$/,
    message: 'must be 8 to 200 characters of your own choice, no spaces; the same is entered at Meta.',
  },
];

/** The four things that open an account at Meta. @param idName whose webhooks it is, such as `phone_number_id`. @throws 422 naming each wrong field, and no value */
export function acceptMetaCredentials(
  given: Record<string, unknown>,
  idName: string,
): { accountId: string; credentials: Credentials } {
  const rules = [
    { name: idName, pattern: ACCOUNT_ID, message: 'must be the id that Meta shows: 5 to 30 digits.' },
    ...SECRETS,
  ];
  const names = new Set(rules.map(({ name }) => name));
  const errors: FieldError[] = Object.keys(given)
    .filter((name) => !names.has(name))
    .slice(0, 10)
    .map((name) => ({ field: `credentials.${name.slice(0, 50)}`, message: 'is not known here.' }));
  const credentials: Record<string, string> = {};
  for (const { name, pattern, message } of rules) {
    const value = given[name];
    if (typeof value === 'string' && pattern.test(value)) credentials[name] = value;
    else errors.push({ field: `credentials.${name}`, message });
  }
  const [first] = errors;
  if (first) throw new AppError('REQUEST.INVALID', 422, `${first.field}: ${first.message}`, { errors });
  return { accountId: credentials[idName] ?? '', credentials };
}

/** One of them. @throws an error of the program when it is not stored */
export function credential(credentials: Credentials, name: string): string {
  const value = credentials[name];
  if (value === undefined) throw new Error(`The credentials have no ${name}.`);
  return value;
}

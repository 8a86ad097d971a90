import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import type { EnvReader } from './env-reader';

export interface PrivacyConfig {
  /** Countries whose national telephone numbers redaction knows; international ones it always does. */
  phoneCountries: CountryCode[];
}

/** Each is looked for on its own. */
const MAX_COUNTRIES = 5;

export function readPrivacy(reader: EnvReader): PrivacyConfig {
  const codes = reader.list('PII_PHONE_COUNTRY').map((code) => code.toUpperCase());
  const phoneCountries = codes.filter((code): code is CountryCode => isSupportedCountry(code));
  if (phoneCountries.length < codes.length || codes.length > MAX_COUNTRIES) {
    reader.problem(
      'PII_PHONE_COUNTRY',
      `must be 1 to ${MAX_COUNTRIES} country codes of two letters, such as DE or DE,AT,CH.`,
    );
  }
  return { phoneCountries };
}

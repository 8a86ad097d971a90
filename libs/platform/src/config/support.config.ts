import type { EnvReader } from './env-reader';

export interface SupportConfig {
  /** Support sessions without a key are answered by the default workspace. */
  isKeyless: boolean;
}

/** @param isExposed reachable from other machines: then strangers would spend the instance's tokens, so it must be switched on */
export function readSupport(reader: EnvReader, isExposed: boolean): SupportConfig {
  return { isKeyless: reader.boolean('SUPPORT_KEYLESS', !isExposed) };
}

import { type AppConfig, NO_API_KEY, queueSecrets } from '../config';

/** Every secret that the settings have, also as it goes over the wire. */
export function configuredSecrets(config: AppConfig): string[] {
  const { openai, auth, metricsToken, database, queue, tracing, encryption, channels } = config;
  return [
    ...openai.apiKeys.filter((key) => key !== NO_API_KEY),
    ...auth.secretKeys,
    ...encryption.keys.flatMap(({ key }) => [key.toString('hex'), key.toString('base64'), key.toString('base64url')]),
    metricsToken ?? '',
    ...channels.fromEnvironment.flatMap(({ credentials }) =>
      Object.entries(credentials).flatMap(([name, value]) => (name.endsWith('_id') ? [] : [value])),
    ),
    ...credentialsIn(database.url).filter((_secret, index) => index > 0),
    ...queueSecrets(queue),
    ...credentialsIn(openai.baseUrl),
    ...credentialsIn(tracing?.endpoint ?? ''),
    // `Bearer abc` is a secret with and without its first word.
    ...Object.values(tracing?.headers ?? {}).flatMap((value) => [value, value.split(' ').at(-1) ?? '']),
  ];
}

/** User, password, and both as basic authentication sends them; of a service the user is often the token. */
function credentialsIn(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  const [user, secret] = [decoded(username), decoded(password)];
  const basic = user === '' && secret === '' ? '' : Buffer.from(`${user}:${secret}`).toString('base64');
  return [user, secret, password, basic];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { AccountsService } from '@app/auth';
import { ProviderInfo } from '@app/ai-gateway';
import type { INestApplication } from '@nestjs/common';

export interface BannerFacts {
  url: string;
  dataDir: string;
  /** Where the embedded PostgreSQL keeps its files; undefined with DATABASE_URL. */
  databaseDir: string | undefined;
  /** Null when the queue is away. */
  roundTripMs: number | null;
  say: (text: string) => void;
}

const EXAMPLE = '{"username": "you@example.com", "password": "choose-a-long-one"}';

function aiLine(app: INestApplication): string {
  const { provider, base_url: baseUrl, model, api } = app.get(ProviderInfo).describe();
  if (provider === 'simulator') return 'simulator (no OPENAI_API_KEY: answers are canned and cost nothing)';
  return `${provider === 'openai' ? 'OpenAI' : baseUrl}, model ${model}, ${api} API`;
}

const queueLine = (roundTripMs: number | null): string =>
  roundTripMs === null
    ? 'Redis cannot be reached (see above); answers take about 3 s longer until it is there'
    : `one round trip took ${Math.round(roundTripMs)} ms`;

/** What a newcomer needs to know, once everything works. */
export async function printBanner(app: INestApplication, facts: BannerFacts): Promise<void> {
  const hasAccount = await app.get(AccountsService).hasAny();
  const route = hasAccount ? 'login' : 'register';
  facts.say(
    [
      '',
      'Parley is ready.',
      `  API    ${facts.url}`,
      `  Chat   ${facts.url}/ (and ${facts.url}/widget-demo)`,
      `  Docs   ${facts.url}/docs`,
      `  AI     ${aiLine(app)}`,
      `  Data   ${facts.databaseDir === undefined ? 'the database of DATABASE_URL' : facts.dataDir}`,
      ...(facts.databaseDir !== undefined && !facts.databaseDir.startsWith(facts.dataDir)
        ? [`         PostgreSQL runs as another user, so its files are in ${facts.databaseDir}`]
        : []),
      `  Queue  ${queueLine(facts.roundTripMs)}`,
      `         the administrator sees it at ${facts.url}/admin/queues`,
      '',
      hasAccount ? 'Log in:' : 'Create the first account (it becomes the administrator):',
      `  curl -s ${facts.url}/auth/${route} -H 'content-type: application/json' -d '${EXAMPLE}'`,
      '',
      'Ctrl-C ends it.',
    ].join('\n'),
  );
}

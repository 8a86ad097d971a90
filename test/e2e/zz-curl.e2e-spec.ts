import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Client } from '../support/client';
import { FakeOpenAIProcess } from '../support/fake-openai';
import { startParley } from '../support/parley';
import { aPng } from '../support/pictures';

it('runs', async () => {
  const fake = await FakeOpenAIProcess.start();
  const parley = await startParley({ OPENAI_BASE_URL: fake.baseUrl, OPENAI_API_KEY: 'sk-x' });
  const user = await Client.register(() => parley.url);
  writeFileSync('/tmp/cat.png', aPng(640, 480));
  const sh = (script: string) =>
    execFileSync('bash', ['-c', script], {
      env: { ...process.env, TOKEN: user.token, URL: parley.url },
      encoding: 'utf8',
      timeout: 30000,
    });
  const out: string[] = [];
  const run = (script: string) => out.push(`$ ${script}\n${sh(script)}\n`);
  run(`curl -s $URL/personas -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{
  "name": "Scout",
  "tools": [
    {"type": "web_search", "allowed_domains": ["example.com"], "user_location": {"country": "DE"}},
    {"type": "mcp", "server_label": "docs", "server_url": "https://mcp.example.com/mcp", "allowed_tools": ["search"]}
  ],
  "response_format": {"name": "ticket", "strict": true, "schema": {"type": "object", "additionalProperties": false,
    "properties": {"topic": {"type": "string"}, "answer": {"type": "string"}}, "required": ["topic", "answer"]}},
  "metadata": {"team": "support"}
}'`);
  run(
    `curl -s $URL/personas -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{"name": "Scout", "tools": [{"type": "function"}]}'`,
  );
  const id = await user.conversation();
  await fake.next({
    type: 'reply',
    text: 'Open from nine.',
    tools: [
      {
        type: 'web_search_call',
        statuses: ['in_progress', 'searching', 'completed'],
        item: { action: { type: 'search', query: 'opening hours' } },
      },
    ],
    annotations: [
      { type: 'url_citation', start_index: 0, end_index: 15, url: 'https://example.com/hours', title: 'Hours' },
    ],
  });
  run(
    `curl -sN $URL/chat/conversations/${id}/send -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"content": "When do you open?"}'`,
  );
  run(
    `curl -s $URL/chat/uploads -H "authorization: Bearer $TOKEN" -H 'content-type: image/png' --data-binary @/tmp/cat.png | tee /tmp/upload.json`,
  );
  run(
    `curl -s $URL/chat/conversations/${id}/send -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d "{\\"content\\": \\"What is this?\\", \\"images\\": [{\\"upload_id\\": \\"$(node -p 'require("/tmp/upload.json").id')\\"}, {\\"url\\": \\"https://example.com/cat.png\\", \\"detail\\": \\"low\\"}]}"`,
  );
  run(
    `curl -s $URL/chat/uploads -H "authorization: Bearer $TOKEN" -H 'content-type: image/gif' --data-binary @/tmp/cat.png`,
  );
  run(
    `curl -s -o /dev/null -D - $URL/chat/uploads/$(node -p 'require("/tmp/upload.json").id') -H "authorization: Bearer $TOKEN"`,
  );
  writeFileSync('/tmp/curl-out.txt', out.join('\n'));
  await parley.stop();
  await fake.stop();
}, 60000);

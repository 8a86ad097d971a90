import axios from 'axios';
import { type Parley, startParley } from '../support/parley';

/** The client of the first specification, as it stands there, but for the port. */
async function seedClient(baseUrl: string): Promise<string> {
  // Authentication
  const authResponse = await axios.post<{ access_token: string }>(`${baseUrl}/auth/login`, {
    username: 'user@example.com',
    password: 'password123',
  });
  const token = authResponse.data.access_token;

  // Create conversation
  const convResponse = await axios.post<{ id: number }>(
    `${baseUrl}/chat/conversations`,
    {
      title: 'Chat with My Friend Alex',
      persona_id: 1,
    },
    {
      headers: { Authorization: `Bearer ${token}` },
    },
  );
  const conversationId = convResponse.data.id;

  // Send message
  const chatResponse = await axios.post<{ assistant_message: { content: string } }>(
    `${baseUrl}/chat/conversations/${conversationId}/send`,
    {
      content: 'Hi Alex! How are you doing today?',
    },
    {
      headers: { Authorization: `Bearer ${token}` },
    },
  );

  // Get AI response
  return chatResponse.data.assistant_message.content;
}

describe('a newcomer with the simulator', () => {
  let parley: Parley;
  beforeAll(async () => {
    parley = await startParley();
  });
  afterAll(async () => parley.stop());

  it('the JavaScript client of the specification gets its reply', async () => {
    await axios.post(`${parley.url}/auth/register`, { username: 'user@example.com', password: 'password123' });
    await expect(seedClient(parley.url)).resolves.toMatch(/\S/);
  });

  it('health names the simulator and never says connected', async () => {
    const { data } = await axios.get<{ status: string; openai_api: string; provider: string }>(
      `${parley.url}/chat/health`,
    );
    expect(data).toMatchObject({ status: 'healthy', openai_api: 'simulator', provider: 'simulator' });
  });

  it('costs nothing and says so', async () => {
    const login = await axios.post<{ access_token: string }>(`${parley.url}/auth/login`, {
      username: 'user@example.com',
      password: 'password123',
    });
    const { data } = await axios.get<Record<string, number>>(`${parley.url}/chat/stats`, {
      headers: { Authorization: `Bearer ${login.data.access_token}` },
    });
    expect(data).toMatchObject({ total_conversations: 1, total_messages: 2, estimated_cost_usd: 0, unpriced_calls: 0 });
    expect(data.total_tokens).toBeGreaterThan(0);
  });
});

import type { TurnCandidate } from '@app/contracts';
import type { PersonaVersionSnapshot } from '@app/personas';
import { estimateUsage } from '../message-usage';
import type { CompletionRequest } from '../provider';
import { aRequest } from '../provider/provider.spec-support';
import { estimateInput } from './call-estimate';

const FORMAT = {
  name: 'ticket',
  schema: { type: 'object', description: 'The order of a customer, as it was written down. '.repeat(200) },
  strict: true,
};
const PICTURE = { type: 'image' as const, url: 'https://example.com/a.png' };

describe('the most that a call may use', () => {
  const inputTokens = (change: Partial<CompletionRequest>): number => estimateUsage(aRequest(change), '').inputTokens!;

  it('has the pictures of the whole prompt in it', () => {
    const text = { type: 'text' as const, text: 'Look' };
    const of = (pictures: number): number =>
      inputTokens({ input: [{ role: 'user', content: [text, ...Array<typeof PICTURE>(pictures).fill(PICTURE)] }] });
    expect(of(3) - of(0)).toBeGreaterThanOrEqual(3000);
  });

  it('has the schema of the answer and the tools in it', () => {
    const plain = inputTokens({});
    expect(inputTokens({ responseFormat: FORMAT }) - plain).toBeGreaterThan(1500);
    expect(
      inputTokens({ tools: [{ type: 'mcp', server_description: FORMAT.schema.description }] }) - plain,
    ).toBeGreaterThan(1500);
  });

  it('has the schema of the verdict in it', () => {
    expect(inputTokens({ wantsVerdict: true }) - inputTokens({})).toBeGreaterThan(60);
  });

  it('has the schema in it at the door, too', () => {
    const candidate: TurnCandidate = {
      conversationId: 1,
      workspaceId: 1,
      userId: 1,
      personaId: 1,
      channel: 'api',
      personaVersion: 1,
      historyBytes: 0,
      contentBytes: 5,
      imageCount: 0,
      lastTotalTokens: null,
    };
    const persona: PersonaVersionSnapshot = {
      id: 1,
      personaId: 1,
      workspaceId: 1,
      version: 1,
      name: 'Alex',
      description: '',
      relationshipType: 'friend',
      systemInstructions: '',
      promptTemplate: '',
      model: null,
      temperature: null,
      maxTokens: null,
      openaiPromptId: null,
      openaiPromptVersion: null,
      openaiPromptVariables: null,
      conversationState: null,
      fallbackModels: [],
      tools: [],
      responseFormat: null,
      metadata: {},
      serviceTier: null,
      piiRedaction: null,
      answerCache: null,
      sessionTimeoutMs: null,
    };
    const plain = estimateInput(candidate, persona, 16_000);
    expect(estimateInput(candidate, { ...persona, responseFormat: FORMAT }, 16_000) - plain).toBeGreaterThan(1500);
    // 600 characters of instructions and 400 of schema.
    expect(estimateInput(candidate, persona, 16_000, null, true) - plain).toBeGreaterThan(250);
    // What is said of a client is never cut, also where it is longer than the budget of the context.
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'words '.repeat(160)]));
    const session = { client: { name: 'Dana', email: null, phone: null, metadata }, goals: [] };
    expect(estimateInput(candidate, persona, 500, session) - plain).toBeGreaterThan(15_000);
  });
});

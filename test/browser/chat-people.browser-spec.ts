import type { Page } from 'playwright-core';
import { Client } from '../support/client';
import { SocketUser } from '../support/socket-user';
import { ShownChat } from './support/chat';
import { ChatWorld } from './support/chat-world';
import { speak } from './support/team';

describe('people of the team in the chat page', () => {
  let world: ChatWorld;
  let page: Page;
  let chat: ShownChat;

  beforeAll(async () => {
    world = await ChatWorld.start();
  });
  beforeEach(async () => {
    ({ page } = await world.page());
    chat = await ShownChat.open(page, world.url);
    await chat.ask('Where is my order?');
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  it('notices and what people say are shown as what they are, and the AI takes over again', async () => {
    await speak(world, 'system', 'A colleague will join you shortly.');
    await chat.until(async () => (await chat.texts('notice')).length === 1, 'the notice');
    expect(await chat.texts('notice')).toEqual(['A colleague will join you shortly.']);
    // What people wrote is no answer of the AI, so there is nothing to be written anew.
    expect(await chat.button('Ask for another answer').count()).toBe(0);
    await speak(world, 'agent', 'Hello, this is Kim. How can I help?');
    await page.getByText('You are talking with a person.').waitFor();
    expect(await page.locator('.agent .speaker').innerText()).toBe('Support team');
    await speak(world, 'system', 'You are back with our assistant.');
    await page.getByText('You are talking with a person.').waitFor({ state: 'detached' });
    await page.reload();
    await chat.until(async () => (await chat.texts('agent')).length === 1, 'the conversation');
    expect((await chat.messages()).map(({ by }) => by)).toEqual(['visitor', 'assistant', 'notice', 'agent', 'notice']);
  });

  it('how many people are there is shown as soon as it changes', async () => {
    const admin = await Client.register(() => world.url, 'kim@example.com');
    const agent = await SocketUser.connect(world.url, { token: admin.token });
    const workspaces = await admin.request<{ workspaces: { id: number }[] }>('GET', '/workspaces');
    for (const { id } of workspaces.body.workspaces) {
      await agent.ask('set-presence', { workspaceId: id, isOnline: true });
    }
    await page.getByText('1 person online').waitFor();
    const later = await ShownChat.open((await world.page()).page, world.url);
    await later.page.getByText('1 person online').waitFor();
    agent.close();
    await page.getByText('Connected').waitFor();
  });
});

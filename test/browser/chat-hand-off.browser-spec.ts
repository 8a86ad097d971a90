import type { Page } from 'playwright-core';
import { Client } from '../support/client';
import { ShownChat } from './support/chat';
import { axeFindings } from './support/browser';
import { ChatWorld } from './support/chat-world';
import { act, type Escalation, waitingIn } from './support/team';

/** The whole way in the page: asked for, claimed, answered by a person, given back, and how it was. */
describe('a hand-off in the chat page', () => {
  let world: ChatWorld;
  let agent: Client;
  let workspaceIds: number[];
  let page: Page;
  let chat: ShownChat;

  beforeAll(async () => {
    world = await ChatWorld.start();
    agent = await Client.register(() => world.url, 'kim@example.com');
    const { body } = await agent.request<{ workspaces: { id: number }[] }>('GET', '/workspaces');
    workspaceIds = body.workspaces.map(({ id }) => id);
  });
  beforeEach(async () => {
    ({ page } = await world.page());
    chat = await ShownChat.open(page, world.url);
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const waiting = (): Promise<Escalation> => waitingIn(agent, workspaceIds);

  it('is told, silences the AI, and ends with the AI again', async () => {
    await chat.ask('This is urgent: my order is lost');
    await page.getByText('Somebody of our team was asked to join.').waitFor();
    await chat.until(async () => (await chat.texts('notice')).length === 1, 'the notice');
    const escalation = await waiting();

    world.upstream.next({ type: 'hang', at: 'stream', afterPieces: 3 });
    await chat.say('Are you still there?');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text.includes('piece')), 'the AI');
    await act(agent, escalation, 'claim');
    await chat.button('Stop the answer').waitFor({ state: 'detached' });
    // Before the person has said anything, and for whoever comes back just then.
    await page.getByText('Our team answers you here now, not the AI.').waitFor();
    await page.reload();
    await page.getByText('Our team answers you here now, not the AI.').waitFor();
    expect((await chat.texts('assistant')).some((text) => text.includes('piece'))).toBe(false);

    expect(await axeFindings(page)).toEqual([]);
    await act(agent, escalation, 'notes', { content: 'For the team: be careful' });

    await act(agent, escalation, 'replies', { content: 'Hi, this is Kim.' });
    await page.getByText('You are talking with a person.').waitFor();
    expect(await chat.texts('agent')).toEqual(['Hi, this is Kim.']);
    const before = world.upstream.requests.length;
    await chat.say('Hello Kim');
    await chat.until(async () => (await chat.messages()).every(({ isWhole }) => isWhole), 'it to be stored');
    await act(agent, escalation, 'replies', { content: 'I found it.' });
    await chat.until(async () => (await chat.texts('agent')).length === 2, 'the person’s answer');
    expect(world.upstream.requests).toHaveLength(before);

    await act(agent, escalation, 'return');
    await page.getByText('You are talking with a person.').waitFor({ state: 'detached' });
    await chat.ask('Thank you');
    await page.reload();
    await chat.until(async () => (await chat.texts('agent')).length === 2, 'the conversation');
    expect((await chat.texts()).join()).not.toContain('be careful');
    const roles = (await chat.messages()).map(({ by }) => by);
    expect(roles.slice(-6)).toEqual(['agent', 'visitor', 'agent', 'notice', 'visitor', 'assistant']);
  });

  it('somebody who takes over and gives back without a word leaves nothing behind', async () => {
    await chat.ask('Urgent: I need help');
    await page.getByText('Somebody of our team was asked to join.').waitFor();
    const escalation = await waiting();
    await act(agent, escalation, 'claim');
    await page.getByText('Our team answers you here now, not the AI.').waitFor();
    await act(agent, escalation, 'return');
    await chat.until(async () => (await chat.texts('notice')).length === 2, 'that the AI answers again');
    await chat.until(async () => (await page.locator('.status').count()) === 0, 'the line to be gone');
    await chat.ask('Are you there?');
    expect(await page.locator('.status').count()).toBe(0);
  });

  it('that somebody was asked to join stays over a reload, and goes when it is given back before anybody has come', async () => {
    const asked = page.getByText('Somebody of our team was asked to join.');
    await chat.ask('This is urgent');
    await asked.waitFor();
    await page.reload();
    await asked.waitFor();
    await act(agent, await waiting(), 'return');
    await chat.until(async () => (await page.locator('.status').count()) === 0, 'the line to be gone');
    await page.reload();
    await chat.until(async () => (await chat.texts('notice')).length === 2, 'the conversation');
    expect(await page.locator('.status').count()).toBe(0);
  });

  /** From now on; rules hold for the whole workspace. */
  const askHowItWas = async ({ workspace_id: id }: Escalation): Promise<void> => {
    const rules = await agent.request('PUT', `/escalations/rules?workspace_id=${id}`, { csat: true });
    expect(rules.status).toBe(200);
  };

  it('whoever is asked how it was can say so, also when nobody said a word, and when it cannot be found out at first', async () => {
    await chat.ask('Urgent: is there anybody?');
    const escalation = await waiting();
    await askHowItWas(escalation);
    await act(agent, escalation, 'resolve');
    await chat.button('5 of 5').waitFor();
    let failures = 0;
    await page.route('**/rating', (route) => {
      failures += 1;
      return route.fulfill({ status: 500 });
    });
    await page.reload();
    await chat.until(() => Promise.resolve(failures > 0), 'the page to ask the backend');
    await page.unroute('**/rating');
    await chat.button('4 of 5').click();
    await page.getByText('Thank you for your answer.').waitFor();
  });

  it('asks how it was when the rules say so', async () => {
    await chat.ask('Urgent: I need a person');
    const escalation = await waiting();
    await askHowItWas(escalation);
    await act(agent, escalation, 'claim');
    await act(agent, escalation, 'replies', { content: 'It is settled.' });
    await chat.until(async () => (await chat.texts('agent')).length === 1, 'what the person says');
    await act(agent, escalation, 'resolve');
    await chat.button('5 of 5').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await chat.button('5 of 5').press('Enter');
    await page.getByText('Thank you for your answer.').waitFor();
    // The button is gone; the keyboard goes on from where it was.
    expect(await chat.focused()).toBe('Thank you for your answer.');
    expect(await axeFindings(page)).toEqual([]);
    const { body } = await agent.request<Escalation>('GET', `/escalations/${escalation.id}`);
    expect(body.csat_rating).toBe(5);
  });
});

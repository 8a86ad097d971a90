import type { Page } from 'playwright-core';
import type { FlakyProxy } from '../support/flaky-proxy';
import { inSeconds, userTokenOf } from '../support/visitor-proof';
import { axeFindings } from './support/browser';
import type { ShownChat } from './support/chat';
import { sessionIdOf } from './support/chat-world';
import { act, speak, waitingIn } from './support/team';
import type { Shop, Website } from './support/website';
import { WidgetWorld } from './support/widget-world';

/** A visitor goes from page to page, comes and goes, and meets people of the team. */
describe('visits to a website with the widget', () => {
  let world: WidgetWorld;
  let website: Website;
  let shop: Shop;
  let proxy: FlakyProxy;
  let page: Page;

  beforeAll(async () => {
    world = await WidgetWorld.start();
    ({ website, shop, proxy } = world);
  });
  beforeEach(async () => {
    ({ page } = await world.visit());
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const opened = (): Promise<ShownChat> => world.opened(page);

  it('goes on at the next page: it stays open, and what stood in the field is there', async () => {
    const chat = await opened();
    await chat.ask('Hello');
    await chat.field.fill('Half a thou');
    await page.goto(`${website.origin}/next-page`);
    await chat.isOnline();
    await chat.until(async () => (await chat.texts()).length === 2, 'the conversation');
    expect(await chat.field.inputValue()).toBe('Half a thou');
    // The page has just been opened: its reader is not taken away from it.
    expect(await page.evaluate<boolean>('document.activeElement === document.body')).toBe(true);
    await chat.field.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await chat.button('Open the chat').click();
    expect(await chat.field.inputValue()).toBe('Half a thou');
  });

  it('closed, it tells on every page of the website what a person has answered', async () => {
    const chat = await opened();
    await chat.ask('Is there anybody?');
    await page.keyboard.press('Escape');
    await page.goto(`${website.origin}/next-page`);
    await chat.button('Open the chat').waitFor();
    await speak(world, 'agent', 'Yes, this is Kim.');
    await page.goto(`${website.origin}/another-page`);
    await page.getByRole('button', { name: 'Open the chat (1)' }).waitFor();
    await speak(world, 'agent', 'Are you there?');
    await page.getByRole('button', { name: 'Open the chat (2)' }).click();
    expect(await chat.texts('agent')).toEqual(['Yes, this is Kim.', 'Are you there?']);
    await page.goto(`${website.origin}/last-page`);
    await page.keyboard.press('Escape');
    await chat.isOnline();
    await page.getByRole('button', { name: 'Close the chat' }).first().click();
    await page.getByRole('button', { name: 'Open the chat', exact: true }).waitFor();
  });

  it('asks nothing of the backend before it is opened', async () => {
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await page.goto(website.origin);
    await page.getByRole('button', { name: 'Open the chat' }).waitFor();
    expect(asked.filter((path) => path.startsWith('/api'))).toEqual([]);
    // Nor does a conversation that was erased begin anew by itself.
    const chat = await opened();
    await page.keyboard.press('Escape');
    await fetch(`${world.url}/api/v1/chat/session/${await sessionIdOf(page)}`, { method: 'DELETE' });
    asked.length = 0;
    const looked = page.waitForEvent('websocket');
    await page.goto(website.origin);
    await (await looked).waitForEvent('close');
    expect(asked.filter((path) => path.startsWith('/api'))).toEqual([]);
    await chat.button('Open the chat').click();
    await chat.isOnline();
    await chat.ask('Anew');
  });

  it('who signs in next at the same tab sees nothing of who was there before', async () => {
    const secret = await shop.owner.request<{ identity_secret: string }>(
      'POST',
      `/workspaces/${shop.workspaceId}/support-door/identity-secret`,
    );
    const signedIn = (sub: string, seconds: number): string =>
      userTokenOf({ sub, exp: inSeconds(seconds) }, secret.body.identity_secret);
    const { attributes } = website;
    website.attributes = `${attributes} data-user-token="${signedIn('anna', 600)}"`;
    const chat = await opened();
    await chat.ask('My account number is 4711');
    website.attributes = `${attributes} data-user-token="${signedIn('ben', 600)}"`;
    await page.goto(website.origin);
    await page.getByRole('button', { name: 'Open the chat', exact: true }).click();
    await chat.isOnline();
    expect(await chat.texts()).toEqual([]);
    // The same visitor has a new token on each page.
    website.attributes = `${attributes} data-user-token="${signedIn('anna', 900)}"`;
    await page.goto(website.origin);
    await chat.until(async () => (await chat.texts()).length === 2, 'the conversation of the first');
  });

  it('can be ended and begun anew, and its end does not take the focus from the website', async () => {
    const chat = await opened();
    await chat.ask('Hello');
    await page.getByRole('button', { name: 'Buy' }).focus();
    await fetch(`${world.url}/api/v1/chat/session/${await sessionIdOf(page)}/end`, { method: 'POST' });
    await chat.button('Start a new chat').waitFor();
    expect(await chat.focused()).toBe('Buy');
    await chat.button('Start a new chat').click();
    await chat.isOnline();
    await chat.ask('Hello again');
    await chat.button('End the chat').click();
    await chat.button('Start a new chat').waitFor();
    expect((await axeFindings(page)).filter((finding) => !finding.startsWith('region:'))).toEqual([]);
  });

  it('loses the network, comes back, and has everything that was said', async () => {
    const chat = await opened();
    await chat.ask('Before');
    proxy.isClosingAtOnce = true;
    proxy.cut();
    await page.getByText('The connection is lost.').waitFor();
    await chat.say('Said in the tunnel');
    await speak(world, 'system', 'Said meanwhile');
    proxy.isClosingAtOnce = false;
    await chat.isOnline();
    await chat.until(async () => (await chat.replies()).length === 2, 'the answer');
    expect(await chat.texts('visitor')).toEqual(['Before', 'Said in the tunnel']);
    expect(await chat.texts('notice')).toEqual(['Said meanwhile']);
  });

  it('is handed over to a person, hears from them, and is with the AI again', async () => {
    const path = `/escalations/rules?workspace_id=${shop.workspaceId}`;
    const rules = await shop.owner.request('PUT', path, { keywords: { enabled: true, words: ['urgent'] } });
    expect(rules.status).toBe(200);
    const chat = await opened();
    await chat.ask('This is urgent');
    await page.getByText('Somebody of our team was asked to join.').waitFor();
    const escalation = await waitingIn(shop.owner, [shop.workspaceId]);
    await act(shop.owner, escalation, 'claim');
    await page.getByText('Our team answers you here now, not the AI.').waitFor();
    await act(shop.owner, escalation, 'notes', { content: 'Only for the team' });
    await act(shop.owner, escalation, 'replies', { content: 'Hi, this is Kim.' });
    await page.getByText('You are talking with a person.').waitFor();
    expect(await chat.texts('agent')).toEqual(['Hi, this is Kim.']);
    await act(shop.owner, escalation, 'return');
    await page.getByText('You are talking with a person.').waitFor({ state: 'detached' });
    await chat.ask('Thank you');
    expect((await chat.texts()).join()).not.toContain('Only for the team');
  });

  it('who has said how it was, closes it and opens it again, writes where one writes', async () => {
    const path = `/escalations/rules?workspace_id=${shop.workspaceId}`;
    const rules = { keywords: { enabled: true, words: ['urgent'] }, csat: true };
    expect((await shop.owner.request('PUT', path, rules)).status).toBe(200);
    const chat = await opened();
    await chat.ask('This is urgent');
    await act(shop.owner, await waitingIn(shop.owner, [shop.workspaceId]), 'resolve');
    await chat.button('3 of 5').press('Enter');
    await chat.until(async () => (await chat.focused()) === 'Thank you for your answer.', 'the focus on the thanks');
    await page.keyboard.press('Escape');
    await chat.button('Open the chat').click();
    await page.getByText('Thank you for your answer.').waitFor();
    await chat.until(async () => (await chat.focused()) === 'Your message', 'the focus on the field');
    await page.keyboard.press('x');
    expect(await chat.field.inputValue()).toBe('x');
  });
});

import type { BrowserContext, Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { axeFindings } from './support/browser';
import { ShownChat } from './support/chat';
import { ChatWorld, sessionIdOf } from './support/chat-world';

/** What a visitor writes is theirs: it is sent once, when they want it, and never lost. */
describe('writing in the chat page', () => {
  let world: ChatWorld;
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    world = await ChatWorld.start();
  });
  beforeEach(async () => {
    ({ page } = await world.page());
    context = page.context();
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  it('what is said before the connection stands is sent when it does', async () => {
    let begin = (): void => undefined;
    const isSlow = new Promise<void>((resolve) => (begin = resolve));
    await page.route('**/api/v1/chat/session', async (route) => {
      await isSlow;
      await route.continue();
    });
    await page.goto(world.url);
    const chat = new ShownChat(page);
    await chat.say('I am quick');
    await chat.say('and talk much');
    await page.getByText('Sending …').first().waitFor();
    begin();
    await chat.until(async () => (await chat.replies()).length > 0, 'an answer');
    await chat.until(async () => (await chat.messages()).every(({ isWhole }) => isWhole), 'all of it');
    expect(await chat.texts('visitor')).toEqual(['I am quick', 'and talk much']);
  });

  it('what could not be sent because nobody was there is sent after trying again', async () => {
    let isRefused = false;
    await page.route('**/api/v1/chat/session', async (route) => {
      isRefused = true;
      await route.fulfill({ status: 503, body: '' });
    });
    await page.goto(world.url, { waitUntil: 'commit' });
    const chat = new ShownChat(page);
    await chat.button('Try again').waitFor();
    expect(isRefused).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute('**/api/v1/chat/session');
    let begin = (): void => undefined;
    const isSlow = new Promise<void>((resolve) => (begin = resolve));
    await page.route('**/api/v1/chat/session', (route) => isSlow.then(() => route.abort()));
    await chat.button('Try again').click();
    await chat.say('Hello?');
    await page.getByText('Sending …').waitFor();
    begin();
    await chat.button('Try again').waitFor();
    await page.unroute('**/api/v1/chat/session');
    await chat.button('Try again').click();
    await chat.until(async () => (await chat.replies()).length === 1, 'an answer');
    expect(await chat.texts('visitor')).toEqual(['Hello?']);
  });

  it('what stands in the field outlives a reload', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.field.fill('Half a thou');
    await page.reload();
    await chat.isOnline();
    expect(await chat.field.inputValue()).toBe('Half a thou');
    await chat.field.press('Enter');
    await chat.until(async () => (await chat.replies()).length === 1, 'the answer');
    await page.reload();
    await chat.isOnline();
    expect(await chat.field.inputValue()).toBe('');
  });

  it('when the session ends while one writes, the words are in the field of the next chat', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.ask('Hello');
    await chat.field.fill('A long explanation');
    const sessionId = await sessionIdOf(page);
    await fetch(`${world.url}/api/v1/chat/session/${sessionId}/end`, { method: 'POST' });
    await page.getByText('This chat has ended.').waitFor();
    await chat.button('Start a new chat').click();
    await chat.isOnline();
    expect(await chat.field.inputValue()).toBe('A long explanation');
    expect(await chat.texts()).toEqual([]);
    await chat.field.press('Enter');
    await chat.until(async () => (await chat.replies()).length === 1, 'the answer');
  });

  it('Enter chooses a word while one is put together, and sends nothing', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.field.focus();
    const debug = await context.newCDPSession(page);
    await debug.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    expect(await chat.field.inputValue()).toBe('にほん');
    // As browsers tell it: within the composition, and, by Safari, right after it.
    for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
      await chat.field.dispatchEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...key });
    }
    await debug.send('Input.insertText', { text: '日本' });
    expect(await chat.field.inputValue()).toBe('日本');
    expect(await chat.texts()).toEqual([]);
    await chat.field.press('Enter');
    await chat.until(async () => (await chat.replies()).length === 1, 'the answer');
    expect(await chat.texts('visitor')).toEqual(['日本']);
  });

  it('a key that is held down and an impatient finger send it once', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(scenarios.reply('Once.'));
    await chat.field.fill('Only once');
    await chat.field.evaluate((field: unknown) => {
      const press = { key: 'Enter', bubbles: true, cancelable: true };
      for (let n = 0; n < 5; n += 1) {
        (field as EventTarget).dispatchEvent(new (globalThis as never as Keyboards).KeyboardEvent('keydown', press));
      }
    });
    await chat.until(async () => (await chat.replies()).length === 1, 'the answer');
    expect(await chat.texts()).toEqual(['Only once', 'Once.']);
  });

  it('more than the backend takes is told at once, and stays to be shortened', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.field.fill('y'.repeat(100_000));
    await page.getByText('The message is longer than 32000 characters.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await chat.field.press('Enter');
    expect(await chat.texts()).toEqual([]);
    expect(await chat.field.getAttribute('aria-invalid')).toBe('true');
    await chat.field.fill('y'.repeat(32_000));
    await chat.field.press('Enter');
    await chat.until(async () => (await chat.replies()).length === 1, 'the answer');
  });

  it('a browser that keeps nothing can chat, too', async () => {
    await page.addInitScript(
      'Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } })',
    );
    const chat = await ShownChat.open(page, world.url);
    await chat.ask('Private');
    await chat.button('End the chat').click();
    await chat.button('Start a new chat').click();
    await chat.isOnline();
    await chat.ask('Again');
    expect(await chat.texts('visitor')).toEqual(['Again']);
  });
});

interface Keyboards {
  KeyboardEvent: new (type: string, init: object) => Event;
}

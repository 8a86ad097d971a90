import type { BrowserContextOptions, Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { axeFindings } from './support/browser';
import { ShownChat } from './support/chat';
import { ChatWorld } from './support/chat-world';
import { speakOften } from './support/team';

const DISTANCE = `(() => { const list = document.querySelector('.scroller'); return list.scrollHeight - list.scrollTop - list.clientHeight; })()`;

/** A keyboard over a page that stays as tall as it was, as iPhones have it. Chromium has none to show. */
const KEYBOARD = `(() => {
  const view = Object.assign(new EventTarget(), { scale: 1, height: innerHeight, offsetTop: 0 });
  Object.defineProperty(window, 'visualViewport', { value: view });
})()`;

describe('reading in the chat page', () => {
  let world: ChatWorld;
  let page: Page;
  let chat: ShownChat;

  beforeAll(async () => {
    world = await ChatWorld.start();
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  const open = async (options: BrowserContextOptions = {}): Promise<void> => {
    ({ page } = await world.page(options));
    chat = await ShownChat.open(page, world.url);
  };
  const distanceToEnd = (): Promise<number> => page.evaluate<number>(DISTANCE);
  /** A conversation of so many messages of people, read anew. */
  const longConversation = async (length: number, options?: BrowserContextOptions): Promise<void> => {
    await open(options);
    await chat.ask('Hello');
    await speakOften(world, length);
    await page.reload();
    await chat.isOnline();
    await page.getByText(`Line ${length}`, { exact: true }).waitFor();
  };

  it('earlier messages come above, and the reader stays where they are', async () => {
    await longConversation(120);
    await chat.button('Show earlier messages').scrollIntoViewIfNeeded();
    const first = page.getByText('Line 71', { exact: true });
    const before = (await first.boundingBox())!;
    await chat.button('Show earlier messages').press('Enter');
    await page.getByText('Line 40', { exact: true }).waitFor({ state: 'attached' });
    const after = (await first.boundingBox())!;
    expect(Math.abs(after.y - before.y)).toBeLessThan(5);
    expect(await chat.focused()).toContain('Show earlier messages');
    await chat.button('Show earlier messages').press('Enter');
    await chat.button('Show earlier messages').waitFor({ state: 'detached' });
    // Whoever uses the keyboard goes on from there.
    await chat.until(async () => (await chat.focused()) === 'Conversation', 'the focus on the conversation');
    expect(Math.abs((await first.boundingBox())!.y - before.y)).toBeLessThan(50);
  });

  it('what is new does not take the reader away; one step leads to it', async () => {
    await longConversation(40);
    await page.evaluate('document.querySelector(".scroller").scrollTop = 200');
    await chat.button('Show the newest message').waitFor();
    await speakOften(world, 1);
    await chat.until(async () => (await chat.texts('agent')).length === 41, 'what is new');
    expect(await page.evaluate<number>('document.querySelector(".scroller").scrollTop')).toBe(200);
    expect(await axeFindings(page)).toEqual([]);
    await chat.button('Show the newest message').click();
    await chat.button('Show the newest message').waitFor({ state: 'detached' });
    expect(await distanceToEnd()).toBeLessThan(2);
  });

  it('the newest message stays in sight when the room gets less', async () => {
    await longConversation(30, { viewport: { width: 390, height: 844 } });
    await chat.until(async () => (await distanceToEnd()) < 2, 'the end');
    await page.setViewportSize({ width: 390, height: 420 });
    await chat.until(async () => (await distanceToEnd()) < 2, 'the end, with a keyboard');
    await chat.field.fill('one\ntwo\nthree\nfour\nfive\nsix');
    await chat.until(async () => (await distanceToEnd()) < 2, 'the end, above a long message');
  });

  it('the field is above a keyboard that covers the page', async () => {
    await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await page.addInitScript(KEYBOARD);
    await page.reload();
    await chat.isOnline();
    const fieldEnd = async (): Promise<number> => {
      const { y, height } = (await chat.field.boundingBox())!;
      return y + height;
    };
    expect(await fieldEnd()).toBeGreaterThan(700);
    await page.evaluate('Object.assign(visualViewport, { height: 500 }).dispatchEvent(new Event("resize"))');
    expect(await fieldEnd()).toBeLessThan(500);
    await page.evaluate('Object.assign(visualViewport, { height: 844 }).dispatchEvent(new Event("resize"))');
    expect(await fieldEnd()).toBeGreaterThan(700);
    // Magnified, less is seen as well; that is no keyboard.
    await page.evaluate('Object.assign(visualViewport, { height: 400, scale: 2 }).dispatchEvent(new Event("resize"))');
    expect(await fieldEnd()).toBeGreaterThan(700);
  });

  it('the same words twice are told twice to a screen reader', async () => {
    await open();
    await page.evaluate(`(() => {
      window.told = [];
      const place = document.querySelector('[role=log]');
      new MutationObserver(() => window.told.push(place.textContent)).observe(place, { childList: true, characterData: true, subtree: true });
    })()`);
    world.upstream.always(scenarios.reply('Yes.'));
    await chat.ask('One?');
    await chat.ask('Two?');
    await chat.until(async () => (await page.evaluate<string[]>('window.told')).length === 2, 'both told');
    expect(await page.evaluate<string[]>('window.told')).toEqual(['Assistant: Yes.', 'Assistant: Yes.']);
  });

  it('at 400% of its size everything is still there', async () => {
    await open({ viewport: { width: 320, height: 256 } });
    await chat.ask('Hello');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    expect((await page.locator('.scroller').boundingBox())!.height).toBeGreaterThan(60);
    expect(await axeFindings(page)).toEqual([]);
    await chat.button('End the chat').click();
    await chat.button('Start a new chat').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('with two thousand messages one can still write and read', async () => {
    await longConversation(2_000);
    while ((await chat.button('Show earlier messages').count()) > 0) {
      const before = await page.locator('li.message').count();
      await chat.button('Show earlier messages').press('Enter');
      await chat.until(async () => (await page.locator('li.message').count()) > before, 'earlier messages');
    }
    expect(await page.locator('li.message').count()).toBeGreaterThanOrEqual(2_000);
    await page.evaluate(`(() => {
      window.slowest = 0;
      new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.slowest = Math.max(window.slowest, duration); }).observe({ type: 'longtask' });
    })()`);
    world.upstream.next({
      type: 'reply',
      pieces: Array.from({ length: 100 }, (_, n) => `word${n} `),
      tokenDelayMs: 10,
    });
    await chat.field.pressSequentially('How fast is it?');
    await chat.field.press('Enter');
    await page.getByText('word99', { exact: false }).last().waitFor();
    const { slowest, heap } = await page.evaluate<{ slowest: number; heap: number }>(
      '({ slowest: window.slowest, heap: performance.memory.usedJSHeapSize })',
    );
    // Measured: no task of 50 ms, 40 MB.
    expect(slowest).toBeLessThan(5_000);
    expect(heap).toBeLessThan(100_000_000);
  });

  it('back and forward go on with the conversation', async () => {
    await open();
    await chat.ask('Before');
    await page.goto(`${world.url}/widget-demo`);
    await page.goBack();
    await chat.isOnline();
    await chat.until(async () => (await chat.texts()).length === 2, 'the conversation');
    await chat.ask('After');
    expect(await chat.texts('visitor')).toEqual(['Before', 'After']);
  });
});

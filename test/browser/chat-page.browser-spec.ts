import type { Page } from 'playwright-core';
import { scenarios } from '../support/fake-openai';
import { ShownChat } from './support/chat';
import { ChatWorld, sessionIdOf } from './support/chat-world';

/** Pieces that come slowly enough to be seen coming. */
const slow = (pieces: string[], tokenDelayMs = 150) => ({ type: 'reply' as const, pieces, tokenDelayMs });

describe('the chat page', () => {
  let world: ChatWorld;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    world = await ChatWorld.start();
  });
  beforeEach(async () => {
    ({ page, complaints } = await world.page());
  });
  afterEach(() => world.tidy());
  afterAll(() => world.stop());

  it('what is said is answered, and nothing on the page is refused by its policy', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.ask('Where is my order?');
    const [said, reply] = await chat.messages();
    expect(said).toEqual({ by: 'visitor', text: 'Where is my order?', isWhole: true });
    expect(reply).toMatchObject({ by: 'assistant', isWhole: true });
    expect(reply?.text).toContain('Where is my order?');
    expect(complaints).toEqual([]);
  });

  it('the answer is shown while it is written', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(slow(['One ', 'two ', 'three ', 'four ', 'five ', 'six.'], 800));
    await chat.say('Count');
    const seen = new Set<string>();
    await chat.until(async () => {
      const [draft] = (await chat.messages()).filter(({ by }) => by === 'assistant');
      if (draft !== undefined) seen.add(draft.text);
      return draft?.isWhole === true;
    }, 'the whole answer');
    expect(seen.size).toBeGreaterThan(2);
    expect(await chat.replies()).toEqual(['One two three four five six.']);
  });

  it('a stopped answer keeps what was written, and one can go on', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next({ type: 'hang', at: 'stream', afterPieces: 3 });
    await chat.say('Tell me everything about it');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text !== ''), 'the first words');
    await chat.button('Stop the answer').click();
    await page.getByText('Stopped.', { exact: true }).waitFor();
    expect(await chat.replies()).toHaveLength(1);
    expect(await chat.button('Stop the answer').count()).toBe(0);
    expect(await chat.focused()).toBe('Your message');
    await chat.ask('Something else');
    expect(await chat.replies()).toHaveLength(2);
  });

  it('another answer takes the place of the first, also after a reload', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(scenarios.reply('The first answer.'), scenarios.reply('The second answer.'));
    await chat.ask('How long does it take?');
    expect(await chat.replies()).toEqual(['The first answer.']);
    await chat.button('Ask for another answer').click();
    await chat.until(async () => (await chat.replies())[0] === 'The second answer.', 'the second answer');
    expect(await chat.texts()).toEqual(['How long does it take?', 'The second answer.']);
    await page.reload();
    await chat.until(async () => (await chat.texts()).length > 0, 'the conversation');
    expect(await chat.texts()).toEqual(['How long does it take?', 'The second answer.']);
  });

  it('while another answer is stopped before its first word, the first one stays', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(scenarios.reply('The first answer.'), scenarios.hang('stream', 0));
    await chat.ask('How long does it take?');
    await chat.button('Ask for another answer').click();
    await chat.button('Stop the answer').click();
    await chat.until(async () => (await chat.replies())[0] === 'The first answer.', 'the first answer again');
  });

  it('a reload keeps the conversation, and another tab begins its own', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.ask('Remember me');
    const before = await chat.texts();
    await page.reload();
    await chat.isOnline();
    await chat.until(async () => (await chat.texts()).length === before.length, 'the conversation');
    expect(await chat.texts()).toEqual(before);
    const other = await ShownChat.open(await page.context().newPage(), world.url);
    expect(await other.texts()).toEqual([]);
  });

  it('a reload in the middle of an answer goes on with it', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(slow(['Slowly ', 'it ', 'comes ', 'to ', 'its ', 'end.'], 500));
    await chat.say('Say it slowly');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text !== ''), 'the first words');
    await page.reload();
    await chat.until(async () => (await chat.replies())[0] === 'Slowly it comes to its end.', 'the whole answer');
    expect(await chat.texts()).toEqual(['Say it slowly', 'Slowly it comes to its end.']);
  });

  it('older messages come when they are asked for', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.always(scenarios.reply('Yes.'));
    const sessionId = await sessionIdOf(page);
    for (let n = 1; n <= 30; n += 1) {
      const answer = await fetch(`${world.url}/api/v1/chat/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sessionId, message: `Question ${n}` }),
      });
      expect(answer.status).toBe(200);
    }
    await page.reload();
    await chat.until(async () => (await chat.texts()).length === 50, 'the newest page');
    await chat.button('Show earlier messages').click();
    await chat.until(async () => (await chat.texts()).length === 60, 'all of it');
    expect((await chat.texts('visitor'))[0]).toBe('Question 1');
    expect(await chat.button('Show earlier messages').count()).toBe(0);
  });

  it('what a model writes is shown as text, lists and links to the web, and never as HTML', async () => {
    const chat = await ShownChat.open(page, world.url);
    world.upstream.next(
      scenarios.reply(
        '**Steps**\n\n1. Open [the shop](https://shop.example/a?b=1)\n2. Press `Enter`\n\n' +
          '<img src=x onerror="document.title=\'broken\'"> [bad](javascript:document.title=1) <script>document.title=2</script>',
      ),
    );
    await chat.ask('How?');
    const bubble = page.locator('.assistant .bubble');
    expect(await bubble.locator('ol > li').count()).toBe(2);
    expect(await bubble.locator('strong').innerText()).toBe('Steps');
    const links = await bubble.locator('a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(['https://shop.example/a?b=1']);
    expect(await links[0]!.getAttribute('rel')).toContain('noopener');
    expect(await bubble.locator('img, script').count()).toBe(0);
    expect(await bubble.innerText()).toContain('<img src=x onerror=');
    expect(await page.title()).toBe('Chat');
  });

  it('after the end nothing more can be said, and a new chat can be begun', async () => {
    const chat = await ShownChat.open(page, world.url);
    await chat.ask('That is all');
    await chat.button('End the chat').click();
    await page.getByText('This chat has ended.').waitFor();
    expect(await chat.field.count()).toBe(0);
    await page.reload();
    await page.getByText('This chat has ended.').waitFor();
    expect(await chat.texts('visitor')).toEqual(['That is all']);
    await chat.button('Start a new chat').click();
    await chat.isOnline();
    expect(await chat.texts()).toEqual([]);
    await chat.until(async () => (await chat.focused()) === 'Your message', 'the focus in the field');
    await chat.ask('Here again');
  });

  it('a session that was erased meanwhile makes room for a new one', async () => {
    const chat = await ShownChat.open(page, world.url);
    const sessionId = await sessionIdOf(page);
    await fetch(`${world.url}/api/v1/chat/session/${sessionId}`, { method: 'DELETE' });
    await page.getByText('This chat was deleted.').waitFor();
    await page.reload();
    await chat.isOnline();
    await chat.ask('Here I am');
  });

  it('what goes wrong is said in plain words', async () => {
    await page.goto(`${world.url}/?key=pk_${'a'.repeat(32)}`);
    await page.getByText('This chat does not exist any more, or its address is wrong.').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/SUPPORT\.|401/);
    await page.goto(`${world.url}/`);
    const chat = new ShownChat(page);
    await chat.isOnline();
    world.upstream.always(scenarios.error(401));
    await chat.ask('Is anybody there?');
    expect(await chat.replies()).toHaveLength(1);
  });
});

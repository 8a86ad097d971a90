import { FlakyProxy } from '../support/flaky-proxy';
import { scenarios } from '../support/fake-openai';
import { axeFindings } from './support/browser';
import { ShownChat } from './support/chat';
import { ChatWorld, sessionIdOf } from './support/chat-world';

const portOf = (url: string): number => Number(new URL(url).port);

/** The page reaches the api through an address that can lose its connections, as a phone in a tunnel does. */
describe('the chat page on a bad network', () => {
  let world: ChatWorld;
  let proxy: FlakyProxy;
  let address: string;

  beforeAll(async () => {
    world = await ChatWorld.start();
    proxy = await FlakyProxy.start(portOf(world.url));
    address = `http://127.0.0.1:${proxy.port}`;
  });
  afterEach(async () => {
    proxy.isClosingAtOnce = false;
    await world.tidy();
  });
  afterAll(async () => {
    await proxy.stop();
    await world.stop();
  });

  const loseNetwork = (): void => {
    proxy.isClosingAtOnce = true;
    proxy.cut();
  };

  it('says that the connection is lost, sends what was said meanwhile once it is back, and has what was missed', async () => {
    const { page } = await world.page();
    const chat = await ShownChat.open(page, address);
    await chat.ask('Before');
    loseNetwork();
    await page.getByText('The connection is lost.').waitFor();
    await chat.say('Said in the tunnel');
    await page.getByText('Sending …').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // Somebody else who knows the session speaks meanwhile: the page must have that, too.
    const answer = await fetch(`${world.url}/api/v1/chat/message`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sessionId: await sessionIdOf(page), message: 'From elsewhere' }),
    });
    expect(answer.status).toBe(200);
    proxy.isClosingAtOnce = false;
    await chat.isOnline();
    await chat.until(async () => (await chat.replies()).length === 3, 'all three answers');
    expect(await chat.texts('visitor')).toEqual(['Before', 'From elsewhere', 'Said in the tunnel']);
    expect(await page.getByText('The connection is lost.').count()).toBe(0);
  });

  it('goes on with an answer in whose middle the connection broke', async () => {
    const { page } = await world.page();
    const chat = await ShownChat.open(page, address);
    const words = ['One ', 'two ', 'three ', 'four ', 'five ', 'six ', 'seven ', 'eight.'];
    world.upstream.next({ type: 'reply', pieces: words, tokenDelayMs: 400 });
    await chat.say('Count');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text !== ''), 'the first words');
    proxy.cut();
    await chat.until(async () => (await chat.replies()).length === 1, 'the whole answer');
    expect(await chat.replies()).toEqual([words.join('')]);
    expect(await chat.texts()).toHaveLength(2);
  });

  it('an answer that ended while nobody was there is whole when the connection is back', async () => {
    const { page } = await world.page();
    const chat = await ShownChat.open(page, address);
    world.upstream.next({ type: 'reply', pieces: ['Half ', 'and ', 'whole.'], tokenDelayMs: 400 });
    await chat.say('Go on');
    await chat.until(async () => (await chat.texts('assistant')).some((text) => text !== ''), 'the first words');
    loseNetwork();
    const client = await sessionIdOf(page);
    await chat.until(async () => {
      const history = await fetch(`${world.url}/api/v1/chat/history/${client}`);
      return ((await history.json()) as { messages: unknown[] }).messages.length === 2;
    }, 'the answer to be stored');
    proxy.isClosingAtOnce = false;
    await chat.until(async () => (await chat.replies())[0] === 'Half and whole.', 'the whole answer');
    expect(await chat.button('Stop the answer').count()).toBe(0);
  });

  it('what was not sent before a reload is sent after it, once', async () => {
    const { page } = await world.page();
    const chat = await ShownChat.open(page, address);
    await chat.ask('First');
    loseNetwork();
    await page.getByText('The connection is lost.').waitFor();
    await chat.say('Not sent yet');
    await page.getByText('Sending …').waitFor();
    proxy.isClosingAtOnce = false;
    await page.reload();
    await chat.until(async () => (await chat.replies()).length === 2, 'its answer');
    expect(await chat.texts('visitor')).toEqual(['First', 'Not sent yet']);
  });

  it('another api process takes over when one ends', async () => {
    const { page } = await world.page();
    const chat = await ShownChat.open(page, address);
    world.upstream.always(scenarios.reply('I am here.'));
    await chat.ask('Before the restart');
    const old = world.parley.api;
    await world.parley.startApi();
    proxy.targetPort = portOf(world.parley.url);
    await old.kill();
    proxy.cut();
    await chat.ask('After the restart');
    expect(await chat.texts()).toEqual(['Before the restart', 'I am here.', 'After the restart', 'I am here.']);
  });

  it('a backend that is not there is told, and trying again works', async () => {
    const { page } = await world.page();
    await page.route('**/api/v1/chat/session', (route) => route.abort());
    await page.goto(address);
    await page.getByText('The server cannot be reached.').waitFor();
    await page.unroute('**/api/v1/chat/session');
    const chat = new ShownChat(page);
    await chat.button('Try again').click();
    await chat.isOnline();
    await chat.ask('Now it works');
  });
});

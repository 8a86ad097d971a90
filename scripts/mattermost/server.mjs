import { Client4 } from '@mattermost/client';
import { Explained } from '../lib/project.mjs';
import { explain, notMattermost, UnexpectedServer } from './failures.mjs';
import { ask } from './prompt.mjs';

/** A server that has not answered by then is away. */
const CALL_TIMEOUT_MS = 20_000;

/** Mattermost, signed in as an administrator. */
export class Server {
  isSession = false;

  constructor(url) {
    this.url = url;
    this.client = new Client4();
    this.client.setUrl(url);
    this.client.setUserAgent('parley-setup');
    bound(url);
  }

  /** @param doing what this is for, as the rest of "Could not …" */
  async try(doing, act) {
    try {
      return await act(this.client);
    } catch (error) {
      throw explain(error, doing, this.url);
    }
  }

  /** Like `try`; null when there is no such thing. */
  async find(doing, act) {
    try {
      return await act(this.client);
    } catch (error) {
      if (error?.status_code === 404) return null;
      throw explain(error, doing, this.url);
    }
  }

  /** @throws Explained when it is not there, or something else is */
  async greet() {
    const answer = await this.find('reach Mattermost', (client) => client.ping(false));
    if (answer?.status === undefined) throw new Explained(notMattermost(this.url));
  }

  /** With a token, or with a name and a password. @returns who that is */
  async signIn(admin) {
    if (admin.token !== '') this.client.setToken(admin.token);
    else await this.logIn(admin);
    const me = await this.try('sign in', (client) => client.getMe());
    if (!me.roles.split(' ').includes('system_admin')) {
      throw new Explained(`@${me.username} is no System Admin, and only those may set up bots, webhooks and commands.`);
    }
    return me;
  }

  /** Ends the session that `signIn` began; an administrator's own token stays. */
  async signOut() {
    if (!this.isSession) return;
    this.isSession = false;
    await this.client.logout().catch(() => undefined);
  }

  async logIn({ user, password, code }) {
    const name =
      user || (await ask('Username or email of a System Admin', 'MATTERMOST_ADMIN_USER, or MATTERMOST_ADMIN_TOKEN'));
    const secret = password || (await ask('Password', 'MATTERMOST_ADMIN_PASSWORD', { isSecret: true }));
    try {
      await this.client.login(name, secret, code);
    } catch (error) {
      const id = error?.server_error_id ?? '';
      if (/mfa/i.test(id)) {
        if (code !== '')
          throw new Explained('Mattermost does not take the code of MATTERMOST_ADMIN_MFA_CODE. Try the next one.');
        const asked = await ask('Code of the authenticator', 'MATTERMOST_ADMIN_MFA_CODE');
        return this.logIn({ user: name, password: secret, code: asked });
      }
      if (error?.status_code === 401 || error?.status_code === 400) {
        throw new Explained('Mattermost does not take that username and password.');
      }
      throw explain(error, 'sign in', this.url);
    }
    this.isSession = true;
  }
}

/** The official client waits for ever and follows every redirect; a token goes to no other address. */
function bound(url) {
  const unbound = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const answer = await unbound(input, { ...init, signal, redirect: 'manual' });
    if (answer.status >= 300 && answer.status < 400) {
      const to = answer.headers.get('location');
      const origin = to && URL.canParse(to, url) ? new URL(to, url).origin : 'another address';
      throw new UnexpectedServer(
        `${url} sends us to ${origin}. Put the address that Mattermost really has into MATTERMOST_URL.`,
      );
    }
    return answer;
  };
}

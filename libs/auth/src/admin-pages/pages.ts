import type { FastifyReply } from 'fastify';
import { escapeHtml, sendPage } from './html-page';

export const SIGN_IN_PATH = '/admin/sign-in';
const SIGN_OUT_PATH = '/admin/sign-out';
/** Where a sign-in leads; the only admin page so far. */
export const ADMIN_HOME = '/admin/queues';

/** What went wrong with the form that was sent. */
export interface FormProblem {
  status: number;
  detail: string;
  username: string;
}

export function sendSignInPage(reply: FastifyReply, problem?: FormProblem): void {
  const [describedBy, alert] =
    problem === undefined
      ? ['', '']
      : [
          ' aria-describedby="problem"',
          `<p class="problem" id="problem" role="alert">${escapeHtml(problem.detail)}</p>`,
        ];
  sendPage(
    reply,
    problem?.status ?? 200,
    'Sign in',
    `<p>For administrators of this installation.</p>
${alert}
<form method="post" action="${SIGN_IN_PATH}"${describedBy}>
<label for="username">E-mail address</label>
<input id="username" name="username" type="email" autocomplete="username" required maxlength="254" value="${escapeHtml(problem?.username ?? '')}"${problem === undefined ? ' autofocus' : ''}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"${problem === undefined ? '' : ' autofocus'}>
<button>Sign in</button>
</form>`,
  );
}

export function sendSignOutPage(reply: FastifyReply): void {
  sendPage(
    reply,
    200,
    'Sign out',
    `<p>This ends your sign-in to the admin pages. Your other logins go on.</p>
<form method="post" action="${SIGN_OUT_PATH}"><button autofocus>Sign out</button></form>
<p><a href="${ADMIN_HOME}">Back to the queues</a></p>`,
  );
}

/** Says what a browser did not get, and leads on. */
export function sendProblemPage(reply: FastifyReply, status: number, detail: string): void {
  sendPage(
    reply,
    status,
    status === 403 ? 'Not allowed' : 'That did not work',
    `<p class="problem" role="alert">${escapeHtml(detail)}</p>
<p><a href="${SIGN_IN_PATH}">Sign in</a> with another account, or <a href="${ADMIN_HOME}">try again</a>.</p>`,
  );
}

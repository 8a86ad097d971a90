import { ellipsize } from '@app/kernel';
import { whyNeverAnswered } from '../loop-guards';
import type { MattermostPost } from '../post';

/** Longer texts of one post are cut. */
const MAX_POST = 1000;
/** Of all of them; the newest stay. */
const MAX_ALL = 8000;

/** Which posts may be told. */
export interface PostRules {
  /** The bot: what it has said is told, too. */
  botId: string;
  /** Posts that the conversation has already, and the question itself. */
  known: ReadonlySet<string>;
  /** Whether what this person writes may be told. */
  mayBeTold: (userId: string) => boolean;
  /** Only what was written after that, in milliseconds of the server's clock. */
  after: number;
  most: number;
}

/** The newest posts that may be told, oldest first. Pure. */
export function postsToTell(posts: readonly MattermostPost[], rules: PostRules): MattermostPost[] {
  const { botId, known, mayBeTold, after, most } = rules;
  if (most === 0) return [];
  return posts
    .filter((post) => !known.has(post.id) && post.createAt > after && (post.message !== '' || post.files.length > 0))
    .filter((post) => {
      const isOwn = post.userId === botId;
      const why = whyNeverAnswered(isOwn ? { ...post, props: {} } : post, { botId: '', isByBot: false });
      return why === null && (isOwn || mayBeTold(post.userId));
    })
    .sort((left, right) => left.createAt - right.createAt || (left.id < right.id ? -1 : 1))
    .slice(-most);
}

/** As `@name: text`, in lines. What goes on in a further line is indented, so that nobody can write lines in somebody else's name. Pure. */
export function toldPosts(posts: readonly MattermostPost[], nameOf: (userId: string) => string): string {
  const told: string[] = [];
  let left = MAX_ALL;
  for (const post of [...posts].reverse()) {
    const line = toldPost(post, nameOf(post.userId));
    if (line.length + 1 > left) break;
    left -= line.length + 1;
    told.unshift(line);
  }
  return told.join('\n');
}

function toldPost({ message, files }: MattermostPost, name: string): string {
  const names = files.map(({ fileName, kind }) => `[${kind}${fileName === null ? '' : `: ${fileName}`}]`);
  const text = [ellipsize(message.trim(), MAX_POST), ...names].filter((part) => part !== '').join(' ');
  return ellipsize(`@${name}: ${text}`.replaceAll(/[\r\n\u2028\u2029]+/g, '\n  '), MAX_POST + 200);
}

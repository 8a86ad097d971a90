import { mustBeAdmin, mustRead } from '../access';
import { AppError } from '../app-error';
import { newId } from '../ids';
import type { FakeFile } from '../records';
import { created, ok, type Reply, type Request, type Route } from '../router';
import { fileJson } from '../wire';

/** What is asked of the server itself, and files. */
export const serverRoutes: readonly Route[] = [
  { method: 'GET', path: '/system/ping', isPublic: true, run: () => ok({ status: 'OK', AndroidLatestVersion: '' }) },
  { method: 'GET', path: '/config/client', isPublic: true, run: clientConfig },
  { method: 'GET', path: '/config', run: config },
  { method: 'POST', path: '/files', run: upload },
  { method: 'GET', path: '/files/:file_id', run: download },
  { method: 'GET', path: '/files/:file_id/info', run: (request) => ok(fileJson(fileInPath(request))) },
];

/** Everything is text. Who is not signed in gets less. */
function clientConfig({ world, query, caller, headers }: Request): Reply {
  if (query.get('format') !== 'old') throw new AppError(400, 'api.config.client.old_format.app_error');
  const open = {
    Version: '11.9.0',
    BuildNumber: '11.9.0',
    SiteName: 'Mattermost',
    SiteURL: world.config.SiteURL ?? `http://${headers.host}`,
  };
  if (caller.id === '') return ok(open);
  const { EnableBotAccountCreation, EnableCommands, EnableOutgoingWebhooks, EnableUserAccessTokens } = world.config;
  return ok({
    ...open,
    EnableBotAccountCreation: String(EnableBotAccountCreation),
    EnableCommands: String(EnableCommands),
    EnableOutgoingWebhooks: String(EnableOutgoingWebhooks),
    EnableUserAccessTokens: String(EnableUserAccessTokens),
    MaxPostSize: '16383',
  });
}

function config({ world, caller }: Request): Reply {
  mustBeAdmin(caller);
  return ok({ ServiceSettings: { ...world.config } });
}

/** One file as the whole body, named in the query; forms with several are not read. */
function upload(request: Request): Reply {
  const { world, query, raw, headers, caller } = request;
  const channel = world.channel(query.get('channel_id') ?? '');
  mustRead(world, caller, channel);
  const file: FakeFile = {
    id: newId(),
    userId: caller.id,
    channelId: channel.id,
    postId: '',
    name: query.get('filename') ?? 'file',
    mimeType: headers['content-type'] ?? 'application/octet-stream',
    content: raw,
    createAt: Date.now(),
  };
  world.files.set(file.id, file);
  return created({ file_infos: [fileJson(file)], client_ids: [] });
}

function download(request: Request): Reply {
  const file = fileInPath(request);
  return { ...ok(file.content), headers: { 'content-type': file.mimeType } };
}

function fileInPath({ world, params, caller }: Request): FakeFile {
  const file = world.files.get(params.file_id ?? '');
  if (!file) throw new AppError(404, 'app.file_info.get.app_error', 'Unable to get the file info.');
  if (file.userId !== caller.id) mustRead(world, caller, world.channel(file.channelId));
  return file;
}

export type { MattermostCall } from './call-log';
export { FakeMattermost, type PostInput } from './fake-mattermost';
export type { Delay, Fault } from './faults';
export { newId } from './ids';
export type { HookAnswer } from './outgoing-hooks';
export { MAX_POST_RUNES } from './posting';
export type {
  ChannelType,
  FakeChannel,
  FakeCommand,
  FakeEphemeral,
  FakeFile,
  FakeOutgoingHook,
  FakePost,
  FakeTeam,
  FakeUser,
} from './records';
export type { CommandRun } from './slash-commands';

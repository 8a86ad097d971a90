export { ChannelsHttpModule, ChannelsWorkerModule } from './channels.module';
export { HOOK_BODY_BYTES, isHookRoute } from './hooks/hook-routes';
export { CHANNEL_TYPES, type Channel, type ChannelSettings, type ChannelType } from './core/channel';
export {
  type ChannelAccess,
  type ChannelAdapter,
  ChannelSendError,
  type CheckResult,
  type Credentials,
  type HookEvents,
  type HookRequest,
  type HookRules,
  type InboundEvent,
  type OutgoingPart,
  type RemoteMedia,
  type Sender,
  type SendFailure,
  type TextLimit,
} from './core/channel-adapter';

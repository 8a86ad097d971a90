export { aWhatsAppNumber, anInstagramAccount, type FakeAccount, type FakeMedia } from './accounts';
export type { GraphCall, GraphCallKind, SentMessage } from './call-log';
export { FakeGraph } from './fake-graph';
export { errorBody, graphError, type GraphError } from './graph-errors';
export {
  aMid,
  aPerson,
  aWamid,
  type FakePerson,
  instagramEcho,
  instagramHook,
  instagramMessage,
  instagramText,
  type Json,
  text,
  whatsAppChange,
  whatsAppEcho,
  whatsAppHook,
  whatsAppIdUpdate,
  whatsAppMoved,
  whatsAppMessage,
  whatsAppMessages,
  whatsAppStatus,
  whatsAppText,
} from './hook-bodies';
export { asMetaWrites, type HookAnswer, sendHandshake, sendHook, signatureOf } from './hook-sender';
export type { GraphScenario } from './scenario';

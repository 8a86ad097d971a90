export { SocketAdapter } from './connections/socket-adapter';
export { RealtimeModule } from './realtime.module';

import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { EscalationsHttpModule } from '@app/escalations';
import { HttpModule } from '@app/platform';
import { SessionsModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { AccessWatch } from './access/access-watch.service';
import { ConversationAccess } from './access/conversation-access.service';
import { FailedProofs } from './access/failed-proofs';
import { Handshake } from './access/handshake.service';
import { SocketOrigins } from './access/socket-origins.service';
import { TeamWatch } from './access/team-watch.service';
import { Connections } from './connections/connections.service';
import { Networks } from './connections/networks.service';
import { EventRouter } from './events/event-router.service';
import { SOCKET_EVENTS, SocketEvents } from './events/socket-events';
import { ConversationFeeds } from './feeds/conversation-feeds.service';
import { Joins } from './feeds/joins.service';
import { AgentPresence } from './presence/agent-presence.service';
import { RealtimeGateway } from './realtime.gateway';
import { RealtimeMetrics } from './realtime.metrics';

/** The Socket.IO door. */
@Module({
  imports: [AuthModule, ConversationsModule, SessionsModule, EscalationsHttpModule, HttpModule],
  providers: [
    RealtimeMetrics,
    Connections,
    Networks,
    SocketOrigins,
    FailedProofs,
    ConversationAccess,
    Handshake,
    ConversationFeeds,
    AgentPresence,
    Joins,
    AccessWatch,
    TeamWatch,
    ...SOCKET_EVENTS,
    SocketEvents,
    EventRouter,
    RealtimeGateway,
  ],
})
export class RealtimeModule {}

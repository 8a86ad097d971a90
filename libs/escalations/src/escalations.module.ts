import { Module } from '@nestjs/common';
import { InboxHttpModule, InboxWorkerModule } from './inbox/inbox.module';
import { RulesHttpModule, RulesModule } from './rules/rules.module';

/** For processes that serve HTTP. */
@Module({ imports: [RulesHttpModule, InboxHttpModule], exports: [InboxHttpModule] })
export class EscalationsHttpModule {}

/** For processes that answer messages. */
@Module({ imports: [RulesModule, InboxWorkerModule] })
export class EscalationsWorkerModule {}

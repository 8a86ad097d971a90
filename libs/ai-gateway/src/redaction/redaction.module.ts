import { ConversationsModule } from '@app/conversations';
import { Module } from '@nestjs/common';
import { RedactionService } from './redaction.service';

@Module({ imports: [ConversationsModule], providers: [RedactionService], exports: [RedactionService] })
export class RedactionModule {}

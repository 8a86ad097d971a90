import { AuthModule } from '@app/auth';
import { Module } from '@nestjs/common';
import { SupportDoorsRepository } from '../persistence/support-doors.repository';
import { SupportDoors } from './support-doors.service';
import { SupportLimits } from './support-limits';
import { SupportOrigins } from './support-origins.service';
import { SupportRules } from './support-rules.service';

/** The doors as those need them who let visitors in. */
@Module({
  imports: [AuthModule],
  providers: [SupportDoorsRepository, SupportDoors, SupportLimits, SupportOrigins, SupportRules],
  exports: [SupportDoorsRepository, SupportDoors, SupportLimits, SupportOrigins, SupportRules],
})
export class SupportDoorsModule {}

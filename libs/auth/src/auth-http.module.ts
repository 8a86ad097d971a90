import { Module } from '@nestjs/common';
import { AdminPagesController } from './admin-pages/admin-pages.controller';
import { AuthController } from './auth.controller';
import { AuthModule } from './auth.module';

@Module({ imports: [AuthModule], controllers: [AuthController, AdminPagesController] })
export class AuthHttpModule {}

import { Module } from '@nestjs/common';
import { AdminPagesController } from './admin-pages/admin-pages.controller';
import { AuthController } from './auth.controller';
import { AuthModule } from './auth.module';
import { WorkspacesController } from './workspaces.controller';

@Module({ imports: [AuthModule], controllers: [AuthController, AdminPagesController, WorkspacesController] })
export class AuthHttpModule {}

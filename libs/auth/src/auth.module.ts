import { KeyRotation } from '@app/platform';
import { Module } from '@nestjs/common';
import { ENCRYPTED_TABLES } from './persistence/encrypted-tables';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminSessions } from './admin-pages/admin-sessions.service';
import { AccountsService } from './accounts.service';
import { AuthGuard } from './auth.guard';
import { Authenticator } from './authenticator';
import { LoginsService } from './logins.service';
import { PasswordHasher } from './passwords/password-hasher';
import { LoginEntity } from './persistence/login.entity';
import { LoginsRepository } from './persistence/logins.repository';
import { RefreshTokenEntity } from './persistence/refresh-token.entity';
import { UserEntity } from './persistence/user.entity';
import { UsersRepository } from './persistence/users.repository';
import { WorkspaceMemberEntity } from './persistence/workspace-member.entity';
import { WorkspaceEntity } from './persistence/workspace.entity';
import { WorkspacesRepository } from './persistence/workspaces.repository';
import { AccessTokens } from './tokens/access-tokens';
import { SigningKeys } from './tokens/signing-keys';
import { VisitorsRepository } from './persistence/visitors.repository';
import { VisitorsService } from './visitors.service';
import { WorkspacesService } from './workspaces.service';

/** Users, workspaces, logins. The guard is put in front of all routes by the app, before the rate limits. */
@Module({
  imports: [
    JwtModule.register({}),
    TypeOrmModule.forFeature([UserEntity, WorkspaceEntity, WorkspaceMemberEntity, LoginEntity, RefreshTokenEntity]),
  ],
  providers: [
    UsersRepository,
    WorkspacesRepository,
    WorkspacesService,
    LoginsRepository,
    PasswordHasher,
    SigningKeys,
    AccessTokens,
    Authenticator,
    LoginsService,
    AccountsService,
    AdminSessions,
    VisitorsRepository,
    VisitorsService,
    AuthGuard,
  ],
  exports: [
    AccountsService,
    WorkspacesService,
    AdminSessions,
    VisitorsService,
    LoginsService,
    LoginsRepository,
    Authenticator,
    AuthGuard,
  ],
})
export class AuthModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}

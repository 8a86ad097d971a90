export { AccountsService } from './accounts.service';
export { AdminPage } from './admin-pages/admin-page.decorator';
export { AdminPageFilter } from './admin-pages/admin-page.filter';
export { AuthGuard } from './auth.guard';
export { AuthHttpModule } from './auth-http.module';
export { AuthModule } from './auth.module';
export { type Authentication, Authenticator } from './authenticator';
export { LoginsService, type TokenPair } from './logins.service';
export { LoginsRepository } from './persistence/logins.repository';

import { AppError } from '@app/kernel';
import { AppConfig, Public, RateLimit } from '@app/platform';
import { Body, Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LoginDto } from '../dto/auth.dto';
import { adminCookie, noAdminCookie } from './admin-cookie';
import { AdminPageFilter } from './admin-page.filter';
import { AdminSessions } from './admin-sessions.service';
import { assertOwnForm, type FormRequest, needsSecureCookie } from './form-origin';
import { ADMIN_HOME, sendSignInPage, sendSignOutPage, SIGN_IN_PATH } from './pages';

/** Sign-in and sign-out of the admin pages, for people with a browser. */
@ApiExcludeController()
@Public()
@UseFilters(AdminPageFilter)
@Controller('admin')
export class AdminPagesController {
  constructor(
    private readonly sessions: AdminSessions,
    private readonly config: AppConfig,
  ) {}

  @Get('sign-in')
  signInPage(@Res() reply: FastifyReply): void {
    sendSignInPage(reply);
  }

  @Post('sign-in')
  @RateLimit('auth')
  async signIn(@Body() body: LoginDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = formRequest(request);
    assertOwnForm(form);
    const isSecure = needsSecureCookie(form, this.config.isExposed);
    try {
      const session = await this.sessions.signIn(body.username, body.password);
      // The new cookie takes the old one's place; the login behind that must not live on unseen.
      await this.sessions.signOut(request.headers.cookie);
      void reply
        .header('set-cookie', adminCookie(session.token, session.expiresInSeconds, isSecure))
        .header('cache-control', 'no-store')
        .redirect(ADMIN_HOME, 303);
    } catch (error) {
      // Whoever mistyped gets the form again, with the reason in it.
      if (!(error instanceof AppError) || request.headers.accept?.includes('text/html') !== true) throw error;
      sendSignInPage(reply, { status: error.status, detail: error.detail, username: body.username });
    }
  }

  @Get('sign-out')
  signOutPage(@Res() reply: FastifyReply): void {
    sendSignOutPage(reply);
  }

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = formRequest(request);
    assertOwnForm(form);
    await this.sessions.signOut(request.headers.cookie);
    void reply
      .header('set-cookie', noAdminCookie(form.protocol === 'https'))
      .header('cache-control', 'no-store')
      .redirect(SIGN_IN_PATH, 303);
  }
}

function formRequest({ headers, host, protocol }: FastifyRequest): FormRequest {
  const fetchSite = headers['sec-fetch-site'];
  return { origin: headers.origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined, host, protocol };
}

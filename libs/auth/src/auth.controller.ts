import { ApiProblems, CurrentUser, type Principal, Public, RateLimit } from '@app/platform';
import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { AccountsService } from './accounts.service';
import { LoginDto, RefreshDto, RegisterDto } from './dto/auth.dto';
import { MeResponse, RegisteredResponse, TokenResponse } from './dto/auth.response';
import { LoginsService } from './logins.service';

/** RFC 6749, 5.1: an answer that carries tokens must not be stored on its way. */
const NoStore = (): MethodDecorator => Header('cache-control', 'no-store');

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly logins: LoginsService,
  ) {}

  @Post('register')
  @Public()
  @RateLimit('auth')
  @NoStore()
  @ApiOperation({
    summary: 'Make an account',
    description:
      'The account gets a workspace of its own and is logged in. The first account of an installation becomes its admin and owner of the default workspace.',
  })
  @ApiCreatedResponse({ type: RegisteredResponse })
  @ApiProblems(409)
  async register(@Body() body: RegisterDto): Promise<RegisteredResponse> {
    const { user, tokens } = await this.accounts.register({
      username: body.username,
      password: body.password,
      name: body.name ?? null,
    });
    return RegisteredResponse.fromRegistration(user, tokens);
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @NoStore()
  @ApiOperation({ summary: 'Log in', description: 'A wrong password and an unknown user get the same answer.' })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401)
  async login(@Body() body: LoginDto): Promise<TokenResponse> {
    return TokenResponse.from(await this.logins.logIn(body.username, body.password));
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @NoStore()
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description: 'Each refresh token is good once and for 30 days. One that comes a second time ends the whole login.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401)
  async refresh(@Body() body: RefreshDto): Promise<TokenResponse> {
    return TokenResponse.from(await this.logins.refresh(body.refresh_token));
  }

  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Log out',
    description:
      'Ends this login with all its tokens, everywhere within 5 seconds. Your other logins go on. A body is not needed.',
  })
  @ApiNoContentResponse({ description: 'You are logged out.' })
  async logout(@CurrentUser() principal: Principal): Promise<void> {
    await this.logins.logOut(principal);
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who you are' })
  @ApiOkResponse({ type: MeResponse })
  async me(@CurrentUser() principal: Principal): Promise<MeResponse> {
    return MeResponse.fromAccount(await this.accounts.describe(principal.userId));
  }
}

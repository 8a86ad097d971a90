import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

export const IS_ADMIN_PAGE = 'parley:is-admin-page';

/** A controller that only instance admins reach: with the cookie of the sign-in page, or with a bearer token. It is no part of the public API. */
export const AdminPage = (): ClassDecorator =>
  applyDecorators(SetMetadata(IS_ADMIN_PAGE, true), ApiExcludeController());

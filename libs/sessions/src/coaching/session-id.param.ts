import { badInput } from '@app/kernel';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isSessionId, SESSION_ID } from '../session-ids';

/** A path parameter that is the id of a session. Anything else is a 422 that names the parameter. */
@Injectable()
export class ParseSessionIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isSessionId(value)) return value;
    throw badInput('session_id', 'must be the id of a session, like cs_ and 32 characters.');
  }
}

export const SessionIdParam = ApiParam({
  name: 'session_id',
  schema: { type: 'string', pattern: SESSION_ID.source },
  example: 'cs_Zk3vJ8Qw1xY5bN7mT2rD9fGhL4pSaE6u',
});

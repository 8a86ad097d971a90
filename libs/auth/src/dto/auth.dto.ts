import { singleLine } from '@app/kernel';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsEmail, IsOptional, IsString, Length, MaxLength, MinLength } from 'class-validator';
import { normaliseUsername } from '../username';

const whenText =
  (change: (text: string) => string) =>
  ({ value }: TransformFnParams): unknown =>
    typeof value === 'string' ? change(value) : value;

/** Longest address that mail can be sent to (RFC 5321). */
const MAX_USERNAME = 254;

export class RegisterDto {
  /** Your e-mail address. Upper and lower case are the same.
   * @example user@example.com */
  @Transform(whenText(normaliseUsername))
  @IsString()
  @MaxLength(MAX_USERNAME)
  @IsEmail({}, { message: 'username must be an e-mail address, like user@example.com' })
  username: string;

  /** 8 to 128 characters of any kind.
   * @example password123 */
  @IsString()
  @MinLength(8)
  @MaxLength(128)
  password: string;

  /** How you want to be called; 1 to 100 characters.
   * @example "Sam Rivera" */
  @Transform(whenText(singleLine))
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;
}

export class LoginDto {
  /** Your e-mail address.
   * @example user@example.com */
  @IsString()
  @Length(1, MAX_USERNAME)
  username: string;

  /** @example password123 */
  @IsString()
  @Length(1, 1024)
  password: string;
}

export class RefreshDto {
  /** The newest refresh token that you got. Each is good once.
   * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs */
  @IsString()
  @Length(1, 200)
  refresh_token: string;
}

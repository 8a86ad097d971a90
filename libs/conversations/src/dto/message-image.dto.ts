import { plainToInstance, type TransformFnParams } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, ValidateBy, ValidateIf } from 'class-validator';
import type { StoredImage } from '../persistence/message-extras';

/** 144 random bits. */
export const UPLOAD_ID = /^upl_[A-Za-z0-9_-]{24}$/;
export const IMAGE_DETAILS = ['auto', 'low', 'high'] as const;
const MAX_URL_LENGTH = 2_000;

function urlProblem(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return 'must be a URL that begins with https://';
  if (/^\s*data:/i.test(value)) {
    return 'must not be a data: URL. Upload the picture with POST /chat/uploads, and name its id as upload_id';
  }
  if (value.length > MAX_URL_LENGTH) return `must not be longer than ${MAX_URL_LENGTH} characters`;
  const url = URL.canParse(value) && /^[!-~]+$/.test(value) ? new URL(value) : null;
  if (url?.protocol !== 'https:') return 'must be a URL that begins with https://';
  return url.username === '' && url.password === '' ? null : 'must not contain credentials';
}

const IsPictureUrl = (): PropertyDecorator =>
  ValidateBy({
    name: 'isPictureUrl',
    validator: {
      validate: (value) => urlProblem(value) === null,
      defaultMessage: (given) => `${given?.property} ${urlProblem(given?.value)}`,
    },
  });

/** The other one of the two must not be there. */
const IsAlone = (other: 'url' | 'upload_id'): PropertyDecorator =>
  ValidateBy({
    name: 'isAlone',
    validator: {
      validate: (_value, given) => (given?.object as Record<string, unknown>)[other] === undefined,
      defaultMessage: (given) => `${given?.property} must not come together with ${other}`,
    },
  });

/** A picture: either a `url` or an `upload_id`. */
export class MessageImageDto {
  /** Where the picture is, with `https`; up to 2,000 characters. The upstream fetches it, so it must be open to it.
   * @example https://example.com/cat.png */
  @ValidateIf((image: MessageImageDto) => image.url !== undefined || image.upload_id === undefined)
  @IsPictureUrl()
  @IsAlone('upload_id')
  url?: string;

  /** A picture that you uploaded with POST /chat/uploads.
   * @example upl_q83vEjRWeJq83u_M7vX2aB1c */
  @ValidateIf((image: MessageImageDto) => image.upload_id !== undefined)
  @IsString()
  @Matches(UPLOAD_ID, { message: 'upload_id must be the id of an upload' })
  upload_id?: string;

  /** How closely the model looks; `high` costs more tokens. Without it: `auto`.
   * @example auto */
  @IsOptional()
  @IsIn(IMAGE_DETAILS)
  detail?: (typeof IMAGE_DETAILS)[number];
}

/** What is no object becomes an empty one, which is refused under its place: class-transformer would look into lists of lists. */
export const eachAsImage = ({ obj, key }: TransformFnParams): unknown => {
  const images = (obj as Record<string, unknown>)[key];
  if (!Array.isArray(images)) return images;
  return images.map((image: unknown) => {
    const isObject = typeof image === 'object' && image !== null && !Array.isArray(image);
    return plainToInstance(MessageImageDto, isObject ? image : {});
  });
};

export const toStoredImage = ({ url, upload_id, detail }: MessageImageDto): StoredImage => ({
  ...(url === undefined ? {} : { url }),
  ...(upload_id === undefined ? {} : { upload_id }),
  ...(detail === undefined || detail === null ? {} : { detail }),
});

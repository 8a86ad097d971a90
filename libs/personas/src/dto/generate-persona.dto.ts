import { singleLine } from '@app/kernel';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { RELATIONSHIP_TYPES, type RelationshipType } from '../relationship';

const onOneLine = ({ value }: TransformFnParams): unknown => (typeof value === 'string' ? singleLine(value) : value);
const eachOnOneLine = ({ value }: TransformFnParams): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? singleLine(item) : item)) : value;

export class GeneratePersonaDto {
  /** 1 to 100 characters.
   * @example Alex */
  @Transform(onOneLine)
  @IsString()
  @Length(1, 100)
  name: string;

  /** What you have already; up to 2,000 characters.
   * @example "An old friend from school who has become a chef." */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;

  /** What the persona is to the person it talks with.
   * @example friend */
  @IsOptional()
  @IsIn(RELATIONSHIP_TYPES)
  relationship_type?: RelationshipType = 'other';

  /** Up to 20 words or short phrases of up to 60 characters.
   * @example ["patient", "funny"] */
  @Transform(eachOnOneLine)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  traits?: string[] | null;

  /** The language it talks, as a name or a tag. Without it: that of the user's message.
   * @example German */
  @Transform(onOneLine)
  @IsOptional()
  @IsString()
  @Length(1, 40)
  language?: string | null;
}

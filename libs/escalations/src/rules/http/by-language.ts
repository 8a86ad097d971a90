import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { canBeFound } from '../matching/word-list';

export const MAX_WORDS = 500;
export const MAX_WORD_LENGTH = 100;
export const MAX_TEXT_LENGTH = 1000;
/** Of all words of a rule set together: they are kept ready in the memory of every process, about 100 bytes for each character. */
export const MAX_WORD_CHARACTERS = 50_000;
const MAX_LANGUAGES = 30;
const LANGUAGE = /^[a-z]{2}$/;

/** As it was sent: class-transformer would drop keys such as `constructor`. */
const asSent = ({ obj, key }: TransformFnParams): unknown => (obj as Record<string, unknown>)[key];

export const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_WORD_LENGTH && canBeFound(value);
const isText = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && /\S/.test(value);

const isByLanguage = (value: unknown, isGood: (entry: unknown) => boolean): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= MAX_LANGUAGES &&
  Object.entries(value).every(([language, entry]) => LANGUAGE.test(language) && isGood(entry));

const byLanguage = (name: string, isGood: (entry: unknown) => boolean, message: string): PropertyDecorator =>
  applyDecorators(
    Transform(asSent),
    ValidateBy({
      name,
      validator: {
        validate: (value) => isByLanguage(value, isGood),
        defaultMessage: (given) => `${given?.property} ${message}`,
      },
    }),
  );

/** `{"de": ["dringend"]}` */
export const IsWordsByLanguage = (): PropertyDecorator =>
  byLanguage(
    'isWordsByLanguage',
    (words) => Array.isArray(words) && words.length <= MAX_WORDS && words.every(isWord),
    `must have lists of words under languages of two small letters: at most ${MAX_LANGUAGES} languages, ${MAX_WORDS} words each, each of up to ${MAX_WORD_LENGTH} characters with a letter or digit among them`,
  );

/** `{"de": "Ein Mensch übernimmt."}` */
export const IsTextByLanguage = (): PropertyDecorator =>
  byLanguage(
    'isTextByLanguage',
    isText,
    `must have texts under languages of two small letters: at most ${MAX_LANGUAGES}, each of up to ${MAX_TEXT_LENGTH} characters and not blank`,
  );

interface Words {
  words?: unknown;
  by_language?: unknown;
  except?: unknown;
}

/** What is no word is told as that, and not as too many of them. */
const charactersIn = (value: unknown): number => {
  if (typeof value === 'string') return isWord(value) ? value.length : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + charactersIn(part), 0);
};

/** All words of a rule together are not too many. */
export const AreNotTooMany = (): PropertyDecorator =>
  ValidateBy({
    name: 'areNotTooMany',
    validator: {
      validate: (value: Words | null) =>
        charactersIn([value?.words, value?.by_language, value?.except]) <= MAX_WORD_CHARACTERS,
      defaultMessage: (given) => `${given?.property} must hold at most ${MAX_WORD_CHARACTERS} characters of words`,
    },
  });

/** Each entry of a list holds something that can be found in a text. */
export const AreWords = (): PropertyDecorator =>
  ValidateBy({
    name: 'areWords',
    validator: {
      validate: (value) => Array.isArray(value) && value.every(isWord),
      defaultMessage: (given) =>
        `${given?.property} must hold words of up to ${MAX_WORD_LENGTH} characters with a letter or digit among them`,
    },
  });

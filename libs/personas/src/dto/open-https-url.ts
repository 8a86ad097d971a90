import { ValidateBy } from 'class-validator';

function problemOf(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string' || value === '') return 'must be a URL';
  if (value.length > maxLength) return `must not be longer than ${maxLength} characters`;
  const url = URL.canParse(value) && /^[!-~]+$/.test(value) ? new URL(value) : null;
  if (url?.protocol !== 'https:') return 'must be a URL that begins with https://';
  if (url.username !== '' || url.password !== '') return 'must not contain credentials';
  return /[?#]/.test(value) ? 'must not have a query or a fragment' : null;
}

/** An `https` URL without anything that could be a secret. */
export const IsOpenHttpsUrl = (maxLength: number): PropertyDecorator =>
  ValidateBy({
    name: 'isOpenHttpsUrl',
    validator: {
      validate: (value) => problemOf(value, maxLength) === null,
      defaultMessage: (given) => `${given?.property} ${problemOf(given?.value, maxLength)}`,
    },
  });

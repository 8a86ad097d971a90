export { decodeCursor, encodeCursor, type Page, toPage } from '@app/platform';

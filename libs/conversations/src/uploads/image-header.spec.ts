import { aGif, aJpeg, aPng, aWebp } from '../../../../test/support/pictures';
import { imageSizeOf, type ImageType, imageTypeOf } from './image-header';

const PICTURES: [ImageType, string, Buffer, { width: number; height: number }][] = [
  ['image/png', 'PNG', aPng(), { width: 2, height: 3 }],
  ['image/gif', 'GIF', aGif(), { width: 4, height: 5 }],
  ['image/jpeg', 'JPEG', aJpeg(), { width: 6, height: 7 }],
  ['image/webp', 'lossy WebP', aWebp('VP8 '), { width: 8, height: 9 }],
  ['image/webp', 'lossless WebP', aWebp('VP8L'), { width: 8, height: 9 }],
  ['image/webp', 'extended WebP', aWebp('VP8X'), { width: 8, height: 9 }],
];

describe('the header of a picture', () => {
  it.each(PICTURES)('tells that it is %s (%s), and its size', (type, _kind, bytes, size) => {
    expect(imageTypeOf(bytes)).toBe(type);
    expect(imageSizeOf(type, bytes)).toEqual(size);
  });

  it.each(PICTURES)('cut anywhere it is never read beyond its end (%s, %s)', (type, _kind, bytes, size) => {
    for (let length = 0; length < bytes.length; length++) {
      const found = imageSizeOf(type, bytes.subarray(0, length));
      if (found !== null) expect(found).toEqual(size);
    }
  });

  it.each(['', 'GIF', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'BM123456', '%PDF-1.7', 'RIFF1234WAVE'])(
    'of anything else is none: %j',
    (text) => {
      expect(imageTypeOf(Buffer.from(text))).toBeNull();
    },
  );

  it('of a picture without any pixels tells no size', () => {
    expect(imageSizeOf('image/png', aPng(0, 5))).toBeNull();
    expect(imageSizeOf('image/gif', aGif(5, 0))).toBeNull();
  });

  it('of a JPEG may have any segments before the frame, but no broken ones', () => {
    const jpeg = aJpeg();
    const withoutFrame = Buffer.concat([jpeg.subarray(0, 10), Buffer.from([0xff, 0xda, 0, 4, 0, 0, 0, 0, 0, 0, 0])]);
    expect(imageSizeOf('image/jpeg', withoutFrame)).toBeNull();
    expect(imageSizeOf('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
  });
});

import { routableTarget } from './request-target';

describe('the target that a request is routed by', () => {
  it.each([
    ['/', '/'],
    ['/widget.js?v=1', '/widget.js?v=1'],
    ['//double', '//double'],
    ['http://evil.example/docs', 'http://evil.example/docs'],
    ['HTTPS://evil.example', 'HTTPS://evil.example'],
    ['*', '/*'],
    ['*docs', '/*docs'],
    ['*?a=b', '/*?a=b'],
    ['ftp://evil.example/', '/ftp://evil.example/'],
    ['', '/'],
    [undefined, '/'],
  ])('%s: %s', (url, target) => {
    expect(routableTarget({ url })).toBe(target);
  });
});

import { settingsOf } from './settings';

const tag = (src: string, data: Record<string, string> = {}) => settingsOf({ src, dataset: data });

describe('the script tag of the widget', () => {
  it('the chat is where the script comes from, also below a path', () => {
    expect(tag('https://chat.example/widget.js').chat.baseUrl).toBe('https://chat.example');
    expect(tag('https://example.com/parley/widget.js?v=2').chat.baseUrl).toBe('https://example.com/parley');
  });

  it('empty attributes count as none', () => {
    expect(tag('https://chat.example/widget.js', { key: '', lang: '', side: 'middle' })).toEqual({
      chat: { baseUrl: 'https://chat.example', publicKey: undefined, userId: undefined, userToken: undefined },
      title: undefined,
      language: undefined,
      side: 'end',
    });
  });
});

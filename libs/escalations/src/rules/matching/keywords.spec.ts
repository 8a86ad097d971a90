import { foldText } from './folded-text';
import { KeywordMatcher } from './keyword-matcher';
import { defaultKeywords } from '../default-rules';
import type { KeywordRule } from '../rule-set';
import { SENTENCES } from './sentences.spec-support';

const rule = (fields: Partial<KeywordRule>): KeywordRule => ({
  enabled: true,
  words: [],
  by_language: {},
  except: [],
  ...fields,
});
const wordsIn = (keywords: KeywordRule, text: string): string[] => [
  ...new Set(new KeywordMatcher(keywords).find(foldText(text)).map(({ word }) => word)),
];

describe('keywords', () => {
  it('there are at least 60 sentences in at least 11 languages, and a third of them only look like one', () => {
    expect(SENTENCES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(SENTENCES.map(({ language }) => language)).size).toBeGreaterThanOrEqual(11);
    expect(SENTENCES.filter(({ hit }) => hit === null).length).toBeGreaterThanOrEqual(SENTENCES.length / 3);
  });

  it.each(SENTENCES)('$language: "$text" holds $hit', ({ text, hit }) => {
    expect(wordsIn(defaultKeywords(undefined), text)).toEqual(hit === null ? [] : [hit]);
  });

  it.each([
    ['urgent', 'It is URGENT!', ['urgent']],
    ['urgent', 'ur\u00adgent', ['urgent']],
    ['urgent', 'ｕｒｇｅｎｔ', ['urgent']],
    ['urgent', 'insurgent urgently urgent2 turgent', []],
    ['refund', 'see https://shop.example/refund, or mail refund@shop.example', []],
    ['refund', 'My refund: https://shop.example/x', ['refund']],
    ['refund*', 'It is refundable.', ['refund*']],
    ['legal action', 'I take legal   action.', ['legal action']],
    ['legal action', 'Is it legal? Action films are.', []],
    ['Größe', 'Welche GROESSE?', ['Größe']],
    ['Groesse', 'Welche Größe?', []],
    ['a.*b', 'aXXb', []],
    ['a.*b', 'a b', ['a.*b']],
    ['(a+)+$', 'a', ['(a+)+$']],
    ['a.s.a.p.', 'I need it a.s.a.p. please', ['a.s.a.p.']],
    ['node.js', 'my Node.js app', ['node.js']],
    ['node.js', 'a node. JS is a language', ['node.js']],
    ['คำร้องเรียน', 'ฉันต้องการส่งคำร้องเรียน', ['คำร้องเรียน']],
    ['น้ำ', 'ฉันต้องการน้ำมาก', ['น้ำ']],
    ['น้ำ', 'ฉันต้องการนํ้ามาก', ['น้ำ']],
    ['น้ำ', 'น้ำตาล', []],
    ['VIP客服', 'VIP客服在哪里', ['VIP客服']],
    ['VIP客服', '请转VIP客服', ['VIP客服']],
    ['クレーム・ブリュレ', 'おいしいクレーム・ブリュレをください', ['クレーム・ブリュレ']],
    ['محامي', 'سأتصل بالمحامي غدا', ['محامي']],
    ['محامي', 'إسلاممحامي', []],
  ])('%s in "%s" is %j', (word, text, expected) => {
    expect(wordsIn(rule({ words: [word] }), text)).toEqual(expected);
  });

  it('a word of one language does not count in messages of another', () => {
    const keywords = rule({ by_language: { de: ['Not'] } });
    expect(wordsIn(keywords, 'I am not sure what to do with it')).toEqual([]);
    expect(wordsIn(keywords, 'Ich bin in Not und brauche Hilfe von Ihnen')).toEqual(['Not']);
    expect(wordsIn(keywords, 'Not')).toEqual(['Not']);
  });

  it('a word of a language that cannot be told counts always', () => {
    expect(wordsIn(rule({ by_language: { eu: ['larria'] } }), 'I have a larria and it is not mine')).toEqual([
      'larria',
    ]);
  });

  it('an exception covers the words inside it, and no others', () => {
    const keywords = rule({ words: ['urgent', 'agent'], except: ['not urgent', 'not urgent at all'] });
    expect(wordsIn(keywords, 'It is not urgent at all')).toEqual([]);
    expect(wordsIn(keywords, 'It is not urgent, agent')).toEqual(['agent']);
    expect(wordsIn(keywords, 'The first was not urgent. This one is urgent.')).toEqual(['urgent']);
  });

  it('says where the word stands in the text as it was written', () => {
    const text = 'Ça alors — je veux un REMBOURSEMENT ! 返金してください。 ฉันจะทำการฟ้องและหาทนายความ';
    const found = new KeywordMatcher(rule({ words: ['remboursement', '返金', 'ทนายความ'] })).find(foldText(text));
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['REMBOURSEMENT', '返金', 'ทนายความ']);
  });
});

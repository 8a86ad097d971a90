import { foldText } from './folded-text';
import { sentimentOf } from './sentiment';

const scoreOf = (text: string): number => sentimentOf(foldText(text)).score;

describe('how a message sounds', () => {
  it.each([
    'This is terrible, you are useless and I am furious!',
    'Worst support ever. Scam!!',
    'Das ist eine Frechheit, ich bin wütend, so eine Abzocke',
    'C’est une honte, service nul, je suis furieux',
    'Pésimo servicio, son unos ladrones, estoy harto',
    'Péssimo atendimento, que vergonha, estou furioso',
    'Che schifo, siete dei ladri, è una vergogna',
    'Belachelijk, wat een waardeloos bedrijf, ik ben woedend',
    'To skandal, jesteście złodzieje i kłamcy',
    'Rezalet, bıktım sizden, dolandırıcılar',
    'Это ужасно, вы мошенники',
    'هذا فظيع، أنتم لصوص',
    '最悪です。ひどいサービスだ。最低！',
  ])('badly: "%s"', (text) => {
    expect(scoreOf(text)).toBeLessThanOrEqual(-0.6);
  });

  it.each([
    'Where is my order?',
    'Thank you, that was great!',
    'I have a problem with my login.',
    'It is not bad at all, thanks',
    'Wo finde ich die Rechnung?',
    'Der Kurs ist schlecht lesbar, sonst danke.',
    'Das ist die beste Nachricht',
    'Merci, parfait.',
    'ありがとうございます',
    '',
  ])('not badly: "%s"', (text) => {
    expect(scoreOf(text)).toBeGreaterThan(-0.6);
  });

  it('a negation turns a word round, up to the end of the clause', () => {
    expect(scoreOf('It is not terrible')).toBeGreaterThan(0);
    expect(scoreOf('No, it is terrible')).toBeLessThan(0);
  });

  it('shouting makes it worse', () => {
    expect(scoreOf('THIS IS TERRIBLE')).toBeLessThan(scoreOf('This is terrible'));
  });

  it('names the worst words first', () => {
    expect(sentimentOf(foldText('Slow, and a scam, and USELESS')).words).toEqual(['scam', 'USELESS', 'Slow']);
  });
});

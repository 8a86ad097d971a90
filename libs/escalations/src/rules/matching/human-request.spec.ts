import { foldText } from './folded-text';
import { humanRequestIn } from './human-request';

const asked = (text: string): string | undefined => {
  const found = humanRequestIn(foldText(text));
  return found === undefined ? undefined : text.slice(found.start, found.end);
};

describe('somebody asks for a person', () => {
  it.each([
    'I want to talk to a human',
    'Can I SPEAK with a real person?',
    'please connect me to an agent',
    'Put me through to a human!',
    'No, I want to speak to a human.',
    "Why can't I talk to a real person?",
    "Why don't you let me speak to a human",
    'human please',
    'Is there a real person here?',
    'Ich möchte mit einem Menschen sprechen.',
    'Kann ich bitte mit einem echten Mitarbeiter reden?',
    'Nein, ich will einen echten Menschen!',
    'Je veux parler à un humain',
    'Puis-je parler à quelqu’un ?',
    'Quiero hablar con una persona',
    'No, quiero hablar con un humano.',
    'Quero falar com um atendente',
    'Vorrei parlare con un operatore',
    'Ik wil met een medewerker spreken',
    'Chcę porozmawiać z człowiekiem',
    'Gerçek bir insanla konuşmak istiyorum',
    'Хочу поговорить с оператором',
    'أريد التحدث مع موظف',
    '人間と話したいです',
    'オペレーターにつないでください',
    '请帮我转人工',
    '상담원 연결해 주세요',
    // People who type fast put nothing between.
    'no i want to talk to a human',
    'I do not understand can I speak to a human',
    'this does not help talk to a human',
    "your bot doesn't help let me talk to an agent",
    'that did not work please connect me to an agent',
    "I don't want a bot I want a human",
    'it is no use let me speak to a person',
    'das hilft nicht ich will mit einem Menschen sprechen',
    'das funktioniert nicht bitte verbinden Sie mich mit einem Mitarbeiter',
    'ça ne marche pas je veux parler à un humain',
    'no funciona quiero hablar con un humano',
    'não funciona quero falar com um humano',
    'non funziona voglio parlare con un operatore',
    'niet goed ik wil met een medewerker spreken',
    '我不想跟机器人说话请帮我转人工',
  ])('"%s"', (text) => {
    expect(asked(text)).toBeDefined();
  });

  it.each([
    "I don't want to talk to a human, the bot is fine",
    'There is no need to speak to a person.',
    'I solved it without talking to an agent.',
    'The human body has 206 bones.',
    'My agent talked to the publisher.',
    'Are humans able to fly?',
    'He wrote a book about a person who speaks.',
    'Ich möchte nicht mit einem Menschen sprechen.',
    'Menschen sprechen viele Sprachen.',
    'Je ne veux pas parler à un humain.',
    'No quiero hablar con una persona.',
    'Não quero falar com um atendente.',
    'Non voglio parlare con un operatore.',
    'Nie chcę rozmawiać z człowiekiem.',
    'Gerçek bir insanla konuşmak istemiyorum',
    '人間とは何ですか',
    '人工智能',
    "I don't think I need to talk to a human",
    'I never said I want to talk to a human',
    "you don't need to connect me to an agent",
    'ich glaube nicht dass ich mit einem Menschen sprechen muss',
    'no creo que necesito hablar con un humano',
    'no quiero hablar con un humano',
    'je ne veux pas parler à un humain',
    '不要转人工',
    '我不想转人工',
    '转人工不用了',
  ])('not in "%s"', (text) => {
    expect(asked(text)).toBeUndefined();
  });

  it('says where', () => {
    expect(asked('Hello! I would like to speak with a real person now')).toBe('speak with a real person');
  });
});

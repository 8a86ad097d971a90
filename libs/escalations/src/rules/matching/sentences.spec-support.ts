/** What customers write, and the keyword in it; null: it only looks as if there were one. */
export interface Sentence {
  language: string;
  text: string;
  hit: string | null;
}

const of = (language: string, ...sentences: (readonly [string, string | null])[]): Sentence[] =>
  sentences.map(([text, hit]) => ({ language, text, hit }));

export const SENTENCES: Sentence[] = [
  ...of(
    'en',
    ['This is URGENT, my account is locked!', 'urgent'],
    ['The insurgents of the novel are well written.', null],
    ['Is this ticket refundable?', null],
    ['The non-refundable rate is fine with me.', null],
    ["I'd like a refund, please.", 'refund'],
    ['Nothing urgent, just curious about the colours.', null],
    ['I will call my lawyer', 'lawyer'],
    ['Do you sell reagents and detergents?', null],
    ['Which user agent does your crawler send?', null],
    ['Let me talk to an agent', 'agent'],
    ['He was dangry... I mean, hangry.', null],
    ['I want to file a complaint.', 'complaint'],
    ['The plaintiff in the book complained a lot.', null],
    ['Where is the emergency exit shown on the seat map?', null],
    ['See https://shop.example/refund-policy for details', null],
  ),
  ...of(
    'de',
    ['Das ist sehr DRINGEND!', 'dringend*'],
    ['Ich brauche dringende Hilfe mit meinem Konto.', 'dringend*'],
    ['Wasser ist in das Gerät eingedrungen, ein eindringendes Geräusch.', null],
    ['Ich möchte eine Rueckerstattung.', 'Rückerstattung*'],
    ['Ist der Fahrschein erstattungsfähig?', null],
    ['Ich schalte meinen Anwalt ein.', 'Anwalt'],
    ['Die Veranstaltung war schön, danke.', null],
    ['Es ist nicht dringend, danke.', null],
    ['WÜTEND bin ich, und zwar sehr!', 'wütend'],
  ),
  ...of(
    'fr',
    ["C'est une URGENCE, aidez-moi.", 'urgence'],
    ['Je veux un remboursement immédiat.', 'remboursement*'],
    ['Ce billet est-il remboursable ?', null],
    ["J'appelle mon avocat demain.", 'avocat'],
    ["Une salade d'avocat, c'est possible pour le menu ?", null],
    ['Ce n’est pas urgent, merci.', null],
    ['Je suis très en colere contre vous', 'en colère'],
    ['Les insurgés sont dans le roman que je lis.', null],
  ),
  ...of(
    'es',
    ['Es URGENTE, no puedo entrar en mi cuenta', 'urgente*'],
    ['Quiero poner una reclamacion por el pedido', 'reclamación*'],
    ['El libro habla de los insurgentes de la época.', null],
    ['¿La tarifa es reembolsable?', null],
    ['Voy a llamar a mi abogado.', 'abogado'],
    ['No es urgente, gracias.', null],
  ),
  ...of(
    'pt',
    ['Isto é uma emergencia!', 'emergência'],
    ['Quero meu reembolso agora.', 'reembolso'],
    ['A tarifa não é reembolsável?', null],
    ['Os produtos emergentes são bons para o meu negócio?', null],
  ),
  ...of(
    'it',
    ['Vorrei un rimborso, per favore.', 'rimborso'],
    ['Il biglietto è rimborsabile?', null],
    ['Parlerò con il mio avvocato.', 'avvocato'],
    ['Che detergente mi consiglia per questo tavolo?', null],
  ),
  ...of(
    'nl',
    ['Ik heb een klacht over de levering.', 'klacht'],
    ['Ik hoop u spoedig te zien.', null],
    ['Het is dringend, ik kan niet inloggen!', 'dringend'],
    ['De vrachtwagen is er nog niet.', null],
  ),
  ...of(
    'pl',
    ['To jest PILNE, proszę o pomoc!', 'pilne'],
    ['Chcę złożyć reklamację.', 'reklamacj*'],
    ['Czy macie pilnik do paznokci?', null],
    ['Żądam zwrotu pieniędzy', 'zwrotu pieniędzy'],
  ),
  ...of(
    'tr',
    ['Bu ACİL, lütfen yardım edin!', 'acil'],
    ['Avukatıma danışacağım.', 'avukat*'],
    ['Mektubu iadeli taahhütlü gönderdim.', null],
    ['Acil değil, teşekkürler.', null],
  ),
  ...of(
    'ru',
    ['Это срочно, помогите!', 'срочно'],
    ['У меня бессрочный договор.', null],
    ['Верните деньги за заказ', 'верните деньги'],
  ),
  ...of('ar', ['الأمر عاجل جدا', 'عاجل'], ['سأتصل بالمحامي غدا', 'محامي'], ['أريد الدفع الآجل من فضلك', null]),
  ...of(
    'ja',
    ['返金してください。', '返金'],
    ['クレームブリュレは注文できますか？', null],
    ['至急お願いします', '至急'],
    ['弁護士に相談します。', '弁護士'],
    ['人工知能について教えてください。', null],
  ),
  ...of('zh', ['我要投诉你们的服务', '投诉'], ['这个机票可以退款吗', '退款'], ['人工智能是什么？', null]),
  ...of('ko', ['환불해 주세요', '환불*'], ['교환만 가능한가요?', null]),
];

import type { KeywordRule } from '../rule-set';

const list = (words: string): string[] => words.split(',').map((word) => word.trim());

/** What the environment's `ESCALATION_KEYWORDS` stands for when it is not set. */
export const DEFAULT_KEYWORDS: string[] = list(
  `urgent, urgently, emergency, complaint, complaints, lawyer, lawyers, attorney, lawsuit, legal action, refund, refunds, angry, furious, unacceptable,
  fraud, human, agent, representative, supervisor`,
);

/** The same in other languages; they count in messages of that language, and where the language is not clear. */
export const DEFAULT_KEYWORDS_BY_LANGUAGE: KeywordRule['by_language'] = {
  de: list(
    'dringend*, Notfall, Notfälle, eilt, Beschwerde, Beschwerden, beschweren, Reklamation*, Anwalt, Anwältin, Rechtsanwalt*, Rückerstattung*, Erstattung, Geld zurück, wütend, verärgert, unverschämt*, Betrug, Mitarbeiter, Mitarbeiterin',
  ),
  fr: list(
    'urgence, urgente, urgents, réclamation*, plainte, avocat, avocate, remboursement*, remboursez*, rembourser, remboursé, furieux, furieuse, en colère, inacceptable, arnaque, fraude, humain, conseiller, conseillère',
  ),
  es: list(
    'urgente*, emergencia, queja, quejas, reclamo, reclamación*, abogado, abogada, reembolso, reembolsos, devuélvanme, enojado, enojada, furioso, furiosa, inaceptable, estafa, fraude, humano, agente',
  ),
  pt: list(
    'urgente*, emergência, reclamação, reclamações, queixa, advogado, advogada, reembolso, estorno, furioso, furiosa, irritado, irritada, inaceitável, fraude, humano, atendente',
  ),
  it: list(
    'urgente*, emergenza, reclamo, lamentela, avvocato, avvocata, rimborso, rimborsi, arrabbiato, arrabbiata, furioso, furiosa, inaccettabile, truffa, frode, umano, operatore',
  ),
  nl: list(
    'dringend, dringende, spoed, noodgeval, klacht, klachten, advocaat, terugbetaling, geld terug, boos, woedend, onacceptabel, oplichting, medewerker',
  ),
  pl: list(
    'pilne, pilny, pilna, pilnie, reklamacj*, skarga, skargę, skargi, prawnik*, adwokat*, zwrot pieniędzy, zwrotu pieniędzy, wściekły, wściekła, oszustw*, niedopuszczaln*, konsultant*',
  ),
  tr: list(
    'acil, acilen, şikayet*, avukat*, iade, iadesi, kızgın*, öfkeli, sinirliyim, kabul edilemez, dolandır*, temsilci*, yetkili*',
  ),
  sv: list('brådskande, nödsituation, klagomål, advokat, återbetalning, oacceptabelt, bedrägeri, handläggare'),
  ru: list(
    'срочно, срочный, срочная, жалоба, жалобу, адвокат*, юрист*, возврат денег, верните деньги, мошенн*, оператор, оператора, живой человек',
  ),
  uk: list('терміново, скарга, скаргу, адвокат*, повернення коштів, поверніть гроші, шахра*, оператор, оператора'),
  ar: list('عاجل, طارئ, طوارئ, شكوى, شكاوى, محام, محامي, استرداد, استرجاع, غاضب, غاضبة, احتيال, موظف'),
  ja: list('緊急, 至急, 苦情, クレーム, 弁護士, 返金, 詐欺, オペレーター, 担当者'),
  zh: list('紧急, 緊急, 投诉, 投訴, 律师, 律師, 退款, 诈骗, 人工, 客服人员'),
  ko: list('긴급*, 환불*, 변호사*, 불만*, 상담원*, 사기'),
  el: list('επείγον, επειγόντως, παράπονο, δικηγόρος, δικηγόρο, επιστροφή χρημάτων, απάτη'),
  he: list('דחוף, תלונה, עורך דין, החזר, הונאה, נציג'),
};

/** Words that hold a keyword and mean something else. */
export const DEFAULT_EXCEPTIONS: string[] = list(
  `not urgent, nothing urgent, no emergency, not an emergency, user agent, travel agent, real estate agent, cleaning agent, human resources, human error,
  human rights, human being, human readable, emergency exit, emergency brake, nicht dringend, pas urgent, pas urgente, no es urgente, não é urgente,
  non urgente, non è urgente, niet dringend, nie pilne, acil değil, не срочно, salade d'avocat, avocat mûr, ليس عاجلا, クレームブリュレ, クレーム・ブリュレ, 人工知能, 人工智能, 人工知慧`,
);

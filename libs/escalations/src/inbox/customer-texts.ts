import type { CustomerText, RuleSet } from '../rules/rule-set';

/** What a customer is told, beside what people and models say. */
export type Occasion = 'hand_off' | 'return' | 'outside_hours' | 'ended' | 'csat' | 'rated';

/** What Parley brings along, in the languages in which it can tell one from another. */
const OWN_TEXTS: Record<Occasion, { text: string } & Partial<Record<string, string>>> = {
  hand_off: {
    text: 'I have asked a colleague to take over. Somebody will answer you here.',
    de: 'Ich habe jemanden aus dem Team dazugeholt. Sie bekommen hier eine Antwort.',
    fr: 'J’ai demandé à un collègue de prendre le relais. Vous aurez une réponse ici.',
    es: 'He pedido a un compañero que se ocupe. Le responderán aquí.',
    it: 'Ho chiesto a un collega di occuparsene. Riceverà una risposta qui.',
    pt: 'Pedi a um colega que assuma. A resposta chegará aqui.',
    nl: 'Ik heb een collega gevraagd het over te nemen. U krijgt hier antwoord.',
  },
  return: {
    text: 'The AI assistant answers here again.',
    de: 'Ab jetzt antwortet hier wieder der KI-Assistent.',
    fr: 'L’assistant IA répond de nouveau ici.',
    es: 'A partir de ahora vuelve a responder el asistente de IA.',
    it: 'Da ora risponde di nuovo l’assistente IA.',
    pt: 'A partir de agora, o assistente de IA volta a responder.',
    nl: 'Vanaf nu antwoordt de AI-assistent hier weer.',
  },
  outside_hours: {
    text: 'Nobody of the team is here right now. We answer as soon as we are back.',
    de: 'Gerade ist niemand aus dem Team da. Wir antworten, sobald wir zurück sind.',
    fr: 'Personne de l’équipe n’est là en ce moment. Nous répondrons à notre retour.',
    es: 'Ahora mismo no hay nadie del equipo. Responderemos en cuanto volvamos.',
    it: 'In questo momento non c’è nessuno del team. Risponderemo al nostro ritorno.',
    pt: 'Neste momento não há ninguém da equipa. Responderemos assim que voltarmos.',
    nl: 'Er is nu niemand van het team. Wij antwoorden zodra we terug zijn.',
  },
  ended: {
    text: 'Our team has closed this case. If you need anything else, just write here.',
    de: 'Unser Team hat diesen Fall abgeschlossen. Wenn Sie noch etwas brauchen, schreiben Sie einfach hier.',
    fr: 'Notre équipe a clos cette demande. Si vous avez besoin d’autre chose, écrivez ici.',
    es: 'Nuestro equipo ha cerrado este caso. Si necesita algo más, escriba aquí.',
    it: 'Il nostro team ha chiuso questa richiesta. Se le serve altro, scriva qui.',
    pt: 'A nossa equipa encerrou este caso. Se precisar de mais alguma coisa, escreva aqui.',
    nl: 'Ons team heeft deze zaak afgesloten. Heeft u nog iets nodig, schrijf dan gewoon hier.',
  },
  csat: {
    text: 'How was it? Please rate us from 1 (poor) to 5 (very good).',
    de: 'Wie war es? Bitte bewerten Sie uns von 1 (schlecht) bis 5 (sehr gut).',
    fr: 'Comment était-ce ? Notez-nous de 1 (mauvais) à 5 (très bien).',
    es: '¿Qué tal ha ido? Valórenos del 1 (mal) al 5 (muy bien).',
    it: 'Com’è andata? Ci valuti da 1 (male) a 5 (molto bene).',
    pt: 'Como correu? Avalie-nos de 1 (mau) a 5 (muito bom).',
    nl: 'Hoe was het? Beoordeel ons van 1 (slecht) tot 5 (zeer goed).',
  },
  rated: {
    text: 'Thank you for your answer.',
    de: 'Danke für Ihre Antwort.',
    fr: 'Merci pour votre réponse.',
    es: 'Gracias por su respuesta.',
    it: 'Grazie per la risposta.',
    pt: 'Obrigado pela resposta.',
    nl: 'Bedankt voor uw antwoord.',
  },
};

/**
 * The text for an occasion: of the rules, in the customer's language if they have it; else what Parley brings along.
 * @param language two letters; null when it is not clear
 */
export function customerText(occasion: Occasion, rules: RuleSet | null, language: string | null): string {
  const own: CustomerText | null =
    occasion === 'csat' || occasion === 'rated' ? null : (rules?.texts[occasion] ?? null);
  if (own !== null) return (language === null ? undefined : own.by_language[language]) ?? own.text;
  const texts = OWN_TEXTS[occasion];
  return (language === null ? undefined : texts[language]) ?? texts.text;
}

/**
 * The commonest words of languages with Latin and Cyrillic letters, folded: what tells a language in a short message. Written for this purpose; words that
 * several languages have stand with each of them.
 */
export const FUNCTION_WORDS: Record<string, string> = {
  en: 'the a an is are was i you he she it we they my your this that what and or but not to of in for with on have has had do does did can will would please be been am me at from as if so how why when there no',
  de: 'der die das ein eine einen einem ist sind war ich du er sie es wir ihr mein meine meinen dein und oder aber nicht zu von im in fur mit auf habe hat haben kann wird bitte bin mir mich als wenn wie warum noch auch sehr den dem kein keine schon',
  fr: 'le la les un une des est sont je tu il elle nous vous ils mon ma mes votre et ou mais ne pas de du d l dans pour avec sur ai a avez peux peut suis me ce cette que qui au aux en s il plait j c tres',
  es: 'el la los las un una es son yo tu usted mi mis su y o pero no de del en para por con he ha tengo puedo puede soy estoy esta este me se lo que como muy al quiero',
  pt: 'o a os as um uma e sao eu voce meu minha seu ou mas nao de do da no na em para por com tenho tem posso pode sou estou esta este me se que como muito ao quero foi',
  it: 'il lo la i gli le un una e sono io tu lei mio mia suo o ma non di del della in per con su ho ha avete posso puo mi si che come molto al questo questa vorrei nel',
  nl: 'de het een is zijn was ik jij je u hij zij we wij mijn uw en of maar niet te van in voor met op heb heeft hebben kan wordt ben mij me als wat hoe waarom nog ook dit dat er geen',
  pl: 'i w na z do nie to jest sa ja ty pan pani moj moja moje ale czy o po za sie ze prosze mam ma moge moze jestem mi jak dlaczego ten ta te od dla tego',
  tr: 've bir bu su ben sen siz biz benim icin ile ama degil mi mu ne var yok cok lutfen istiyorum da de olarak gibi kadar neden nasil bana size',
  sv: 'och en ett ar jag du vi ni han hon det den inte att av i for med pa har kan min mitt mina som men om varfor hur till',
  ru: 'и в на с не это я ты вы мы мой моя мои но или что как у по за от для мне меня есть был можно пожалуиста почему к о вас',
  uk: 'і в на з не це я ти ви ми міи моя мої але або що як у по за від для мені мене є був можна будь ласка чому до та',
};

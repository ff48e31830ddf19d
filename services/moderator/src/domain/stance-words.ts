import type { Side } from '@parley/contracts/debate';

/**
 * Words with which a speaker gives its side up. An "I agree" alone is not among them: debaters grant a point to turn it.
 * Each is a clause of its own, in the first person, so that what the other side said is not taken for one.
 */
export const surrender: readonly RegExp[] = [
  // English: "I now agree that we should not …", "we must admit that our opponents are right", "you have convinced me".
  /\b(?:i|we)\s+(?:(?:now|fully|completely|have to|must|do|can only)\s+)*(?:agree|concede|admit|accept)\s+(?:with (?:my|our|the) (?:opponent|other side)|that (?:we should(?:n['’]t| not)|(?:my|our|the) (?:opponent|other side)))/,
  /\byou(?:['’]ve| have)?\s+(?:fully |completely )?(?:convinced|persuaded|won over)\s+(?:me|us)\b/,
  /\b(?:i|we)\s+(?:was|were|have been)\s+wrong\b/,
  /\b(?:i|we)\s+(?:(?:now|hereby|will|must)\s+)*(?:switch|change|changed|switched|have changed)\s+(?:sides|my mind|our minds?|my position|our position)\b/,
  /\b(?:my|our)\s+opponents?\s+(?:is|are|was|were)\s+(?:absolutely |completely |entirely )?right\b/,
  // Chinese: I (now, fully) agree with the other side; you have persuaded me; I change my position; we were wrong.
  /我(?:方|们)?(?:现在|完全|也|必须|不得不)*(?:同意|赞同|认同|接受|承认)(?:对方|反方|正方|你们?的?(?:观点|立场|看法))/u,
  /(?:你们?|对方)(?:已经|成功|完全)*(?:说服|劝服)了?我/u,
  /我(?:方|们)?(?:现在|决定|愿意|要)*(?:改变|放弃|转变)了?(?:我们?的?|自己的?|原来的?)*(?:立场|观点|看法)/u,
  /我(?:方|们)?(?:之前|原来|的确|确实)*错了/u,
  // German, Spanish, French, Japanese: the same. What each name stands for is to be found in the labelled texts.
  /(?<!\p{L})(?:stimme|stimmen)(?: ich| wir)? (?:nun )?(?:der gegenseite|meine[mr] gegner(?:in)?) (?:\p{L}+ ){0,3}zu(?!\p{L})/u,
  /(?<!\p{L})(?:ha[st]t?|haben|habt)(?: sie| ihr| du)? (?:mich|uns) (?:\p{L}+ )?überzeugt(?!\p{L})/u,
  /(?<!\p{L})(?:ich habe mich|wir haben uns) (?:geirrt|getäuscht)(?!\p{L})|(?<!\p{L})(?:ich lag|wir lagen) falsch(?!\p{L})/u,
  /(?<!\p{L})(?:wechsle|wechseln|ändere|ändern)(?: ich| wir)? (?:nun |hiermit )?(?:die seiten?|(?:meine|unsere) (?:meinung|position|haltung))/u,
  /(?<!\p{L})(?:mein gegner|meine gegnerin|unsere gegner) (?:hat|haben) (?:\p{L}+ )?recht(?!\p{L})/u,
  /(?<!\p{L})(?:estoy|estamos) (?:\p{L}+ )?de acuerdo con (?:la otra parte|(?:mi|nuestros?) (?:oponentes?|adversari[oa]s?))(?! en )/u,
  /(?<!\p{L})(?<!no )(?:me|nos) (?:has|ha|habéis|han) (?:\p{L}+ )?convencido(?!\p{L})/u,
  /(?<!\p{L})(?:me equivoqué|nos equivocamos|estaba equivocad[oa]|cambi(?:o|amos|é) de (?:bando|opinión|postura))(?!\p{L})/u,
  /(?<!\p{L})(?:mi oponente|mi adversari[oa]|mi rival) tiene (?:toda la |completa )?razón(?!\p{L})/u,
  /(?<!\p{L})(?:je suis|nous sommes) (?:\p{L}+ ){0,3}d['’]accord avec (?:la partie adverse|mon adversaire|nos adversaires)(?! sur )/u,
  /(?<!\p{L})(?:vous m['’]avez|tu m['’]as|vous nous avez) (?:\p{L}+ )?convaincue?s?(?!\p{L})/u,
  /(?<!\p{L})(?<!que )(?:j['’]avais tort|nous avions tort|je me suis trompée?)(?!\p{L})|(?<!\p{L})(?:je change|nous changeons) (?:d['’]avis|de (?:camp|position))(?!\p{L})/u,
  /(?<!\p{L})mon adversaire a (?:\p{L}+ ){0,3}raison(?!\p{L})/u,
  /(?:相手|相手側|反対側|あなた)(?:の(?:意見|主張|立場|考え|説明))?に(?:(?:完全|全面的)に)?(?:同意|賛成|納得)し(?:ます|ました)(?!が)/u,
  /(?:私|私たち|我々)は(?:間違って(?:いました|いた|おりました))/u,
  /(?:立場|意見|考え)を(?:変え|改め)(?:ます|ました)/u,
];

/** Phrases with which a side names the position that is not its own. */
export const otherPosition: Readonly<Record<Side, readonly RegExp[]>> = {
  pro: [
    /\b(?:i|we)\s+(?:(?:now|therefore|must|will|also|strongly|firmly)\s+)*(?:oppose|reject|argue against|speak against|are against|am against)\s+(?:the|this)\s+(?:motion|topic|proposal)\b|\bas team b\b|我(?:方|们)?(?:现在|坚决|也)*反对(?:该|这个|本|这一)?(?:辩题|议题|动议|命题)|作为反方/u,
    /(?<!\p{L})(?:ich lehne|wir lehnen) (?:de[nr]|die|diese[nr]?|das) (?:antrag|these|vorschlag)(?: \p{L}+){0,2} ab(?!\p{L})|(?<!\p{L})(?:ich bin|wir sind) (?:\p{L}+ )?gegen (?:den|diesen|die|diese) (?:antrag|these|vorschlag)|(?<!\p{L})als team b(?!\p{L})/u,
    /(?<!\p{L})(?:(?:me opongo|nos oponemos) (?:\p{L}+ )?a|rechazo|rechazamos|(?:estoy|estamos) en contra de) (?:la|esta) (?:moción|propuesta)|(?<!\p{L})como equipo b(?!\p{L})/u,
    /(?<!\p{L})(?:(?:je m['’]oppose|nous nous opposons) (?:\p{L}+ )?à|je rejette|nous rejetons|(?:je suis|nous sommes) contre) (?:la|cette) (?:motion|proposition)|(?<!\p{L})en tant qu['’]équipe b(?!\p{L})/u,
    /(?:動議|議題|論題|提案|命題)に(?:強く|断固)?反対(?:します|です)|チームbとして|反対側として/u,
  ],
  con: [
    /\b(?:i|we)\s+(?:(?:now|therefore|must|will|also|strongly|firmly)\s+)*(?:support|endorse|argue for|speak for|are for|am for|are in favou?r of|am in favou?r of)\s+(?:the|this)\s+(?:motion|topic|proposal)\b|\bas team a\b|我(?:方|们)?(?:现在|坚决|也)*(?:支持|赞成)(?:该|这个|本|这一)?(?:辩题|议题|动议|命题)|作为正方/u,
    /(?<!\p{L})(?:ich (?:unterstütze|befürworte)|wir (?:unterstützen|befürworten)) (?:nun |jetzt )?(?:den|diesen|die|diese) (?:antrag|these|vorschlag)|(?<!\p{L})(?:ich bin|wir sind) (?:\p{L}+ )?für (?:den|diesen|die|diese) (?:antrag|these|vorschlag)|(?<!\p{L})als team a(?!\p{L})/u,
    /(?<!\p{L})(?<!quien )(?:apoyo|apoyamos|respaldo|respaldamos|defiendo|defendemos|(?:estoy|estamos) a favor de) (?:la|esta) (?:moción|propuesta)|(?<!\p{L})como equipo a(?!\p{L})/u,
    /(?<!\p{L})(?:(?:je soutiens|nous soutenons|je défends|nous défendons) (?:maintenant )?|(?:je suis|nous sommes) (?:favorables? à|pour) )(?:la|cette) (?:motion|proposition)|(?<!\p{L})en tant qu['’]équipe a(?!\p{L})/u,
    /(?:動議|議題|論題|提案|命題)(?:に|を)(?:強く|全面的に)?(?:賛成|支持)(?:します|です)|チームaとして|賛成側として/u,
  ],
};

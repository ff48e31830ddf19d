/** Phrases with which one language gives up a debate. */
export interface Concession {
  /** What gives it up explicitly. A point that is granted is not the motion. */
  readonly phrases: readonly RegExp[];
  /** What denies it, or makes it a condition, when it stands before the phrase in the same sentence. */
  readonly negated: RegExp;
  /** What takes it back, when it stands behind. */
  readonly takenBack: RegExp;
}

// "\b" knows ASCII letters only: where a word may begin or end with another, "(?<!\p{L})" and "(?!\p{L})" stand for it.

const english: Concession = {
  phrases: [
    /\bI (?:hereby |must |have to |now |fully |do )*concede\b(?! (?:that|the|this|your|one|a|some) (?:\w+ )?(?:point|much|claim|fact))/i,
    /\byou(?:'ve| have) (?:fully |completely |now |quite )?(?:convinced|persuaded) me\b/i,
    /\bI(?: am|'m| stand) (?:now |fully |completely )?(?:convinced|persuaded) (?:by|that) (?:you|my opponent|the other side|team [ab])/i,
    /\bI (?:now )?(?:withdraw|abandon|give up) my (?:position|case|opposition|side)\b/i,
    /\bI (?:now )?(?:(?:fully|completely|entirely) )?agree with (?:the other side|my opponent|team [ab])\b/i,
    /\b(?:I|we) (?:surrender|give up the (?:debate|argument))\b/i,
  ],
  negated: /\b(?:not|never|no|hardly|won't|don't|can't|cannot|haven't|if|unless)\b[^.!?]*$/i,
  takenBack: /[,;–—]\s*(?:but|yet|however|still|nevertheless)\b/i,
};

const chinese: Concession = {
  phrases: [
    /我(?:方)?(?:(?![不没未绝])[^。！？，]){0,4}(?:认输|服输|投降)/,
    /你(?:们)?(?:已经|完全|成功)?(?:地)?(?:说服|说动)了我/,
    /我(?:方)?(?:已经|被你们?|完全)*被(?:你们?|对方)说服/,
    /我(?:方)?(?:放弃|收回)(?:我|我方|自己|本方)?的?(?:立场|主张|观点)/,
    /我(?:方)?(?:完全)?同意(?:对方|反方|正方)(?:的)?(?:立场|观点)/,
  ],
  negated: /(?:不会|不能|没有|从未|绝不|并未|如果|除非)[^。！？]*$/,
  takenBack: /[,;，；—–]\s*(?:但是?|不过|然而|可是)/,
};

const german: Concession = {
  phrases: [
    /(?<!\p{L})(?:ich gebe|wir geben|gebe ich|geben wir) (?:(?:mich|uns|hiermit|nun|jetzt|daher) )*(?:auf|geschlagen)(?=\s*(?:[.!,;:–—]|und |$))/iu,
    /(?<!\p{L})(?:ha[st]t?|haben|habt)(?: Sie| ihr| du)? (?:mich|uns) (?:(?:nun|jetzt|völlig|vollständig|restlos|wirklich|ganz) )*überzeugt(?!\p{L})/iu,
    /(?<!\p{L})(?:ich ziehe|wir ziehen) (?:hiermit )?(?:meine|unsere) (?:\p{L}+ ){1,4}(?:hiermit )?zurück(?!\p{L})/iu,
    /(?<!\p{L})(?:ich gebe|wir geben) (?:hiermit )?(?:meine|unsere) (?:Position|Haltung|Ablehnung|These|Seite) (?:hiermit )?auf(?!\p{L})/iu,
    /(?<!\p{L})(?:ich stimme|wir stimmen) (?:nun )?(?:der Gegenseite|meine[mr] Gegner(?:in)?|Ihnen) (?:nun )?(?:(?:voll und ganz|völlig|vollständig|ganz) )?zu(?!\p{L})/iu,
    /(?<!\p{L})(?:gestehe|gestehen|räume|räumen)(?: ich| wir)? (?:hiermit )?(?:meine|unsere) Niederlage ein(?!\p{L})/iu,
    /(?<!\p{L})(?:ich kapituliere|wir kapitulieren)(?!\p{L})/iu,
  ],
  negated: /(?<!\p{L})(?:nicht|nie|niemals|keine?r?|keineswegs|wenn|falls|sofern|in diesem Punkt)(?!\p{L})[^.!?]*$/iu,
  takenBack: /[,;–—]\s*(?:aber|doch|jedoch|allerdings|dennoch)(?!\p{L})/iu,
};

const spanish: Concession = {
  phrases: [
    /(?<!\p{L})(?:me rindo|nos rendimos|me doy por vencid[oa]|nos damos por vencid[oa]s)(?!\p{L})/iu,
    /(?<!\p{L})(?:concedo (?:el debate|la victoria|la derrota)|(?:admito|reconozco) (?:la|mi) derrota)(?!\p{L})/iu,
    /(?<!\p{L})(?:me|nos) (?:has|ha|habéis|han) (?:(?:ya|totalmente|plenamente) )*convencido(?!\p{L})/iu,
    /(?<!\p{L})(?:retiro|abandono|renuncio a) mi (?:postura|posición|oposición|tesis)(?!\p{L})/iu,
    /(?<!\p{L})estoy (?:(?:ahora|totalmente|completamente|plenamente) )*de acuerdo con (?:la otra parte|mi (?:oponente|adversari[oa]|rival))(?! en )(?!\p{L})/iu,
  ],
  negated: /(?<!\p{L})(?:no|nunca|jamás|tampoco|si|cuando|a menos que)(?!\p{L})[^.!?]*$/iu,
  takenBack: /[,;–—]\s*(?:pero|aunque|sin embargo|no obstante)(?!\p{L})/iu,
};

const french: Concession = {
  phrases: [
    /(?<!\p{L})(?:je me rends|nous nous rendons)(?=\s*(?:[.!,;:–—]|et |à vos |devant |$))/iu,
    /(?<!\p{L})(?:je m['’]avoue vaincue?|nous nous avouons vaincue?s|je capitule|nous capitulons)(?!\p{L})/iu,
    /(?<!\p{L})je (?:concède (?:le débat|la victoire|la défaite)|reconnais (?:ma|la) défaite)(?!\p{L})/iu,
    /(?<!\p{L})(?:m|nous )['’]?(?:avez|as|ont|a) (?:(?:entièrement|totalement|complètement|bien) )*convaincue?s?(?!\p{L})/iu,
    /(?<!\p{L})(?:j['’]abandonne|je retire|je renonce à) (?:ma|mon) (?:position|opposition|thèse)(?!\p{L})/iu,
    /(?<!\p{L})je suis (?:(?:maintenant|tout à fait|entièrement|totalement) )*d['’]accord avec (?:la partie adverse|mon adversaire|l['’]autre (?:camp|côté|équipe))(?! sur )(?!\p{L})/iu,
  ],
  negated: /(?<!\p{L})(?:ne|n['’]|jamais|si|sans|à moins)(?!\p{L})[^.!?]*$|(?<!\p{L})n['’][^.!?]*$/iu,
  takenBack: /[,;–—]\s*(?:mais|cependant|toutefois|pourtant|néanmoins)(?!\p{L})/iu,
};

const japanese: Concession = {
  phrases: [
    /(?:負け|敗北)を認め(?:ます(?!か)|ました|るしか|ざるを得)/u,
    /(?:降参|投了|降伏)し(?:ます(?!か)|ました)/u,
    /(?:私|私たち|我々|こちら)の負けです(?!か)/u,
    /(?:あなた|相手|相手側|反対側|そちら)(?:の(?:主張|意見|議論|説明|論拠))?に(?:は)?(?:(?:完全|全面的|十分)に|すっかり)?(?:説得され(?:ました|た)|納得し(?:ました|ます)|同意し(?:ました|ます))/u,
    /(?:自分|私|私たち|我々)の(?:立場|主張|意見|反対)を(?:撤回|放棄)し(?:ます(?!か)|ました)/u,
  ],
  negated: /(?:もし|仮に|たとえ|その点では|なら、|れば、|たら、)[^。！？]*$/u,
  takenBack: /^(?:が|けれども?|けど)[、,]|、(?:しかし|ただし)/u,
};

export const concessions: readonly Concession[] = [english, chinese, german, spanish, french, japanese];

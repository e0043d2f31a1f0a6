/**
 * Words that say nothing about a topic: articles, pronouns, "I am looking for", "how to".
 *
 * Short lists for twelve languages, all applied at once, since nobody says in which language
 * they write. Here are words of grammar, and what everybody says who looks for a mentor. A word
 * that is also a topic is none of them; where a phrase of the vocabulary holds one, the phrase
 * wins. Scripts without blanks have phrases instead of words.
 *
 * Left to the caller: folding what is compared with these, which are folded already, and ways
 * of helping (`way-words.ts`).
 */

import { fold } from "../fold.ts";
import { wordsBetweenBlanks } from "../words.ts";
import { once } from "./once.ts";

const WORDS: Readonly<Record<string, string>> = {
  ar:
    "في من على الى عن مع هل ما ماذا كيف اين متى لماذا انا نحن انت هو هي هم هذا هذه " +
    "ذلك تلك التي الذي او ثم لكن ان أن كان يكون لا لم لن قد كل بعض لي لنا له لها عندي " +
    "اريد أريد احتاج أحتاج ابحث أبحث أرغب شخص احد أحد مساعدة المساعدة مساعدتي يساعدني " +
    "تساعدني يمكن يمكنني كيفية طريقة حول بخصوص بين عند بعد قبل بدون مثل جدا فقط ايضا " +
    "شخصا يمكنه تساعد يساعد حتى",
  en:
    "a an the and or but not no of to in on at for from by with without about into " +
    "over as if so than then that this these those it its i me my mine we us our you " +
    "your he him his she her they them their who whom whose what which when where why " +
    "how is are was were be been being am do does did done have has had can could " +
    "should would will shall may might must want wants wanted need needs needed " +
    "needing wish like liked look looking looks seek seeking search searching find " +
    "finding help helps helping helped get getting got give gives someone somebody " +
    "anyone anybody person people please thanks thank hi hello some any more most " +
    "very just also only really ve ll re m s t d don doesn im id there here up out " +
    "off mentor mentors mentee one ones thing things something anything question " +
    "questions information info tips topic",
  fr:
    "le la les un une des du de d l au aux et ou mais pas ne n y en dans sur sous " +
    "pour par avec sans chez vers entre ce cet cette ces c ca cela qui que qu quoi " +
    "quel quelle quels quelles dont quand comment pourquoi je j jai jaimerais me m " +
    "moi mon ma mes tu te t toi ton ta tes il elle on nous vous ils elles se s son sa " +
    "ses leur leurs notre nos votre vos est suis es sommes sont etre ai as a avons " +
    "avez ont avoir fait faire peux peut pouvez pouvoir veux veut voudrais voudrait " +
    "vouloir cherche chercher recherche besoin aide aider aidez quelqu quelque " +
    "quelques personne personnes plus tres merci bonjour si comme propos sujet " +
    "trouver aimerais",
  de:
    "der die das den dem des ein eine einen einem einer eines und oder aber nicht " +
    "kein keine keinen von vom zu zum zur im in an am auf aus bei beim mit ohne für " +
    "um über unter nach vor seit durch gegen als wie wenn ob dass ich mich mir mein " +
    "meine meinen meinem meiner meines du dich dir dein deine er sie es ihn ihm ihr " +
    "wir uns unser unsere euch euer man sich wer was wen wem wo wann warum welche " +
    "welcher welches ist bin bist sind war waren sein habe hast hat haben hatte kann " +
    "kannst können könnte könnten muss müssen soll sollte will wollen möchte möchten " +
    "würde werde wird werden suche suchen sucht brauche brauchen braucht hilfe helfen " +
    "hilft finde finden jemand jemanden jemandem person personen menschen leute bitte " +
    "danke hallo auch nur noch sehr mehr etwas mal gerne gern frage fragen rund " +
    "bekomme machen mache innen",
  it:
    "il lo la i gli le l un uno una di del dello della dei degli delle d a al allo " +
    "alla ai agli alle da dal dalla dai in nel nella nei nelle su sul sulla con senza " +
    "per tra fra e ed o ma non che chi cui quale quali quando come dove perche io mi " +
    "me mio mia miei mie tu ti te tuo tua lui lei noi ci voi vi loro si suo sua suoi " +
    "sue sono sei è siamo siete essere ho hai ha abbiamo hanno avere posso può puoi " +
    "potere voglio vuole vorrei volere devo deve cerco cercare cerca cercasi bisogno " +
    "aiuto aiutare aiutarmi aiuti aiuta qualcuno qualcosa persona persone grazie ciao " +
    "molto più anche fare faccio questo questa trovare serve piu",
  pl:
    "i w we z ze na do od o u po za pod nad przy przez dla bez oraz lub albo ale nie " +
    "tak że się sobie siebie ja mnie mi mną mój moja moje moim mojej moich ty ciebie " +
    "ci tobie on ona ono my nas nam wy was oni to ten ta te tego tej tym tych który " +
    "która które kto kogo komu co czego jak gdzie kiedy dlaczego czy jest jestem są " +
    "być był była mam ma mieć masz mogę może można móc chcę chce chciałbym chciałabym " +
    "muszę szukam szuka szukać poszukuję potrzebuję potrzebna potrzebny pomoc pomocy " +
    "pomóc pomoże ktoś kogoś kimś osoba osoby osób ludzie proszę dziękuję cześć " +
    "bardzo też tylko więcej jakiś znaleźć",
  pt:
    "o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo " +
    "pela para pra com sem sobre entre e ou mas não que quem qual quais quando como " +
    "onde porque eu me mim meu minha meus minhas tu te ti teu tua você vocês ele ela " +
    "nós eles elas se seu sua seus suas sou é somos são ser estou está estar tenho " +
    "tem temos ter posso pode poder quero quer querer queria gostaria preciso precisa " +
    "procuro procurar procura busco buscar ajuda ajudar ajude alguém algo pessoa " +
    "pessoas obrigado obrigada olá mais muito também só fazer faço isto isso este " +
    "esta encontrar",
  ru:
    "и в во на с со к ко от до по за из у о об обо при про для без под над между или " +
    "а но не ни да что чтобы как где когда почему зачем кто кого кому кем который " +
    "которая которые это этот эта эти тот та те я меня мне мной мой моя моё мои моего " +
    "моей моих моим ты тебя тебе твой он она оно мы нас нам наш вы вас вам ваш они их " +
    "им себя себе свой свою своей быть был была есть буду можно могу может хочу хочет " +
    "хотел хотела хотелось бы ли нужен нужна нужно нужны надо ищу искать ищем помощь " +
    "помощи помощью помочь помогите поможет помогает кто-то кто-нибудь кого-то " +
    "человек человека люди людей пожалуйста спасибо привет очень ещё тоже только " +
    "больше найти то нибудь либо такое",
  es:
    "el la los las lo un una unos unas de del a al en con sin por para sobre entre y " +
    "e o u pero no que quien quienes cual cuales cuando como donde porque qué cómo yo " +
    "me mi mí mis mío mía tú te ti tu tus él ella nosotros nosotras vosotros ellos " +
    "ellas se su sus soy eres es somos son ser estoy está están estar he has ha hay " +
    "tengo tiene tener puedo puede pueden poder quiero quiere querer quisiera " +
    "gustaría necesito necesita busco buscar busca ayuda ayudar ayúdame ayude alguien " +
    "algo persona personas gracias hola más muy también sólo solo hacer hago este " +
    "esta esto encontrar hacia",
  tr:
    "ve veya ya da de ile için gibi kadar bir bu şu o ben bana beni benim sen sana " +
    "seni senin biz bize bizim siz size sizin onlar kendi kendim kendimi ne nasıl " +
    "nerede neden niçin kim kime kimi hangi mi mı mu mü ki ama fakat değil var yok " +
    "olan olarak olmak oldu çok daha en her hiç şey biri birisi birini birine kişi " +
    "kişiler insan istiyorum istiyor isterim lazım gerek gerekiyor ihtiyacım ihtiyaç " +
    "arıyorum arıyor arayan aramak yardım yardımı yardımcı eden edecek etmek edebilir " +
    "misin hakkında konusunda konu lütfen teşekkürler merhaba bulmak bulma hakkinda " +
    "biriyle yapılır eder ederim",
};
// Longer ones are preferred over shorter ones where several would fit.
const PHRASES: readonly string[] = [
  // Japanese: particles, endings, "want to", "please", "looking for", "about", "how to".
  "を に の は が で と も へ や か から まで より など ので のに けど です ます でした ました ません する した して しています したい " +
    "します している できる できます たい たいです て いる います ある あります ない ください 下さい お願い お願いします ほしい 欲しい てほしい 人 " +
    "方 誰か だれか 私 わたし 僕 自分の 探して 探しています 探す 探してます さがしています 必要 必要です 助けて 手伝って 手伝い 助け について " +
    "に関する に関して のための ための ため 方法 やり方 仕方 しかた どう どうやって どうすれば いい 一緒に いっしょに くれる もらいたい もらえる " +
    "という こと もの とき 時 中 さん メンター 知りたい 欲しいです",
  // Chinese, simplified and traditional.
  "的 了 和 与 與 跟 或 在 是 我 我们 你 您 他 她 吗 嗎 呢 吧 啊 把 被 给 給 对 對 对于 为 為 为了 从 從 到 于 想 想要 要 需要 " +
    "希望 找 寻找 尋找 寻求 找人 有人 有没有 有没有人 有 谁 誰 谁能 帮 幫 帮我 幫我 帮忙 幫忙 帮助 幫助 怎么 怎麼 怎么样 怎样 如何 什么 " +
    "什麼 哪里 可以 能 能不能 会 會 请 請 请问 谢谢 一个 一個 一下 一些 个 人 这 這 那 这个 那个 关于 關於 有关 方面 方法 问题 不 没 " +
    "没有 也 都 很 就 还 更 最 做 我的 导师 的人 一位 位 想找",
];

const BY_LANGUAGE = once(
  () =>
    new Map(
      Object.entries(WORDS).map(([language, line]) => [
        language,
        new Set(wordsBetweenBlanks(fold(line))),
      ]),
    ),
);
const NONE: ReadonlySet<string> = new Set();

/** The words of all languages with blanks between words, folded. */
export const functionWords: () => ReadonlySet<string> = once(
  () => new Set([...BY_LANGUAGE().values()].flatMap((words) => [...words])),
);

/** The words of one language, folded; none if it has no blanks between words. */
export function functionWordsOf(language: string): ReadonlySet<string> {
  return BY_LANGUAGE().get(language) ?? NONE;
}

/** What stands for them in scripts without blanks, folded. */
export const functionPhrases: () => ReadonlySet<string> = once(
  () => new Set(PHRASES.flatMap((line) => wordsBetweenBlanks(fold(line)))),
);

/**
 * Words that name a way of helping: to review, in German prüfen, in Chinese 练习 for practise.
 *
 * Verbs and nouns in twelve languages. They are compared by their stems (`endings.ts`), so one
 * or two forms of a verb are enough where it is regular. Who wants to learn wants to be taught,
 * so those words are here as well.
 *
 * Left to the caller: folding, and a word that belongs to the name of a topic.
 */

import { fold } from "../fold.ts";
import type { Way } from "../offer-content.ts";
import { WAYS } from "../offer-content.ts";
import { wordsBetweenBlanks } from "../words.ts";
import { familyOf, stem, unitOf } from "./endings.ts";
import { once } from "./once.ts";

const WORDS: Readonly<Record<string, Readonly<Record<Way, string>>>> = {
  ar: {
    advise: "نصيحة نصائح ينصح ينصحني استشارة إرشاد يرشدني توجيه مشورة",
    teach: "تعليم يعلمني تعلمني أتعلم تعلم تدريس يدرس دروس درس",
    practise: "تمرين تمارين تدريب تدرب أتدرب التمرن ممارسة أتمرن",
    review: "مراجعة يراجع تراجع راجع تدقيق تصحيح يصحح ملاحظات",
    listen: "استماع يستمع الإصغاء إصغاء يسمعني فضفضة",
    accompany: "مرافقة يرافقني ترافقني مرافق يرافق",
  },
  en: {
    advise: "advise advice advising adviser guidance guide",
    teach:
      "teach teaching teacher taught learn learning lesson lessons explain tutor " +
      "tutoring tutorial",
    practise: "practise practice practicing practising rehearse rehearsal train training",
    review:
      "review reviewing reviewer feedback check proofread proofreading correct " + "critique",
    listen: "listen listening listener vent",
    accompany: "accompany accompanying accompanied company companion",
  },
  fr: {
    advise: "conseil conseils conseiller conseillère guider orientation",
    teach: "apprendre enseigner enseignement cours leçon leçons expliquer apprentissage",
    practise: "pratiquer pratique entraîner entraînement exercer exercice répéter",
    review: "relire relecture corriger correction vérifier avis réviser relise",
    listen: "écouter écoute oreille",
    accompany: "accompagner accompagnement accompagne accompagnateur",
  },
  de: {
    advise: "beraten berät Beratung Rat Ratschlag Ratschläge Tipps",
    teach: "lehren beibringen unterrichten Unterricht lernen erklären Nachhilfe",
    practise: "üben übe übt ueben Übung einüben trainieren Training proben",
    review:
      "prüfen prüft pruefen überprüfen durchsehen gegenlesen Korrektur korrigieren " +
      "Feedback Rückmeldung korrekturlesen durchlesen",
    listen: "zuhören zuhört zuhoeren",
    accompany: "begleiten Begleitung begleitet mitkommen mitgehen",
  },
  it: {
    advise: "consiglio consigli consigliare consulenza orientamento",
    teach: "insegnare insegnamento imparare lezione lezioni spiegare insegna insegni",
    practise:
      "esercitare esercitarmi esercizio esercitarsi praticare pratica allenare " +
      "allenamento provare",
    review: "rivedere revisione correggere correzione controllare rileggere riguardare",
    listen: "ascoltare ascolto ascolti",
    accompany: "accompagnare accompagnamento accompagni accompagna",
  },
  pl: {
    advise: "doradzić doradztwo rada porada porady poradzić doradza",
    teach: "uczyć nauczyć nauka nauczanie lekcje lekcja korepetycje wytłumaczyć nauczyciel",
    practise: "ćwiczyć ćwiczenie ćwiczenia poćwiczyć przećwiczyć trening trenować",
    review: "sprawdzić sprawdzenie przejrzeć ocena poprawić korekta recenzja",
    listen: "słuchać wysłuchać słuchanie wysłucha posłuchać",
    accompany: "towarzyszyć towarzyszenie towarzystwo towarzyszyła",
  },
  pt: {
    advise: "aconselhar conselho conselhos aconselhamento orientação orientar dicas",
    teach: "ensinar ensino aprender aula aulas explicar ensine explicação",
    practise: "praticar prática treinar treino ensaiar exercitar exercício",
    review: "rever revisar revisão corrigir correção conferir avaliar",
    listen: "ouvir escutar escuta ouça desabafar",
    accompany: "acompanhar acompanhamento acompanhe acompanhante",
  },
  ru: {
    advise: "совет советы посоветовать консультация консультировать подсказать",
    teach:
      "учить научить научиться обучение обучать учиться урок уроки преподавать " +
      "объяснить выучить",
    practise:
      "практика практиковать практиковаться потренироваться тренировка тренироваться " +
      "упражнение упражняться отрепетировать",
    review: "проверить проверка посмотреть отзыв исправить вычитать рецензия просмотреть",
    listen: "слушать выслушать послушать выслушает",
    accompany: "сопровождать сопровождение сопроводить проводить",
  },
  es: {
    advise: "aconsejar consejo consejos asesorar asesoría asesoramiento orientación",
    teach: "enseñar enseñanza aprender clase clases explicar enseñe enseña",
    practise: "practicar práctica ensayar entrenar entrenamiento ejercitar ejercicio",
    review: "revisar revisión corregir corrección repasar revise",
    listen: "escuchar escucha escuche desahogarme",
    accompany: "acompañar acompañamiento acompañe",
  },
  tr: {
    advise: "tavsiye öneri danışmanlık danışmak akıl öğüt",
    teach: "öğretmek öğretecek öğreten öğrenmek ders anlatmak öğretim",
    practise: "pratik alıştırma çalışma prova egzersiz antrenman",
    review: "inceleme incelemek kontrol gözden değerlendirme düzeltme geribildirim",
    listen: "dinlemek dinleme dinleyecek dinleyen dertleşmek",
    accompany: "eşlik refakat",
  },
};
const PHRASES: Readonly<Record<Way, string>> = {
  advise: "相談 相談したい アドバイス 助言 建议 建議 咨询 諮詢 指导 指導 指点",
  teach:
    "教えて 教える 教えてほしい 教わりたい 習いたい 学びたい 勉強したい 教 教我 教学 学 学习 學習 讲解",
  practise: "練習 練習したい 练习 練習相手 稽古 特訓 演练 排练 训练 訓練",
  review:
    "添削 添削してほしい 見てほしい 確認 チェック レビュー 校正 フィードバック 修改 审阅 检查 批改 点评 校对 看看 帮我看",
  listen: "聞いてほしい 話を聞いて 傾聴 聴いて 愚痴 倾听 傾聽 听我说 聊聊 倾诉",
  accompany: "同行 付き添い 付き添って 付添 陪同 陪伴 陪我 陪",
};

/** The way that each unit (`endings.unitOf`) stands for. */
export const wayUnits: () => ReadonlyMap<string, Way> = once(() => {
  const found = new Map<string, Way>();
  for (const [language, ways] of Object.entries(WORDS)) {
    const family = familyOf(language);
    if (family === null) continue;
    for (const way of WAYS) {
      for (const word of wordsBetweenBlanks(fold(ways[way]))) {
        found.set(unitOf(family, stem(word, family)), way);
      }
    }
  }
  return found;
});

/** The way that each phrase of a script without blanks stands for, folded. */
export const wayPhrases: () => ReadonlyMap<string, Way> = once(
  () =>
    new Map(
      WAYS.flatMap((way) =>
        wordsBetweenBlanks(fold(PHRASES[way])).map((phrase) => [phrase, way] as const),
      ),
    ),
);

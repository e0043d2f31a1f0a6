/**
 * Words that mean a topic only where nothing else does: to write, to talk, to prepare.
 *
 * "Writing" is a topic, but whoever writes a letter to their landlord looks for neither writing
 * nor letters. Verbs of everyday life and the like in languages with blanks between words; they
 * are compared by their stems (`endings.ts`) like the words for ways of helping
 * (`way-words.ts`).
 *
 * Left to the caller: folding, and phrases of the vocabulary that hold such a word.
 */

import { fold } from "../fold.ts";
import { wordsBetweenBlanks } from "../words.ts";
import { familyOf, stem, unitOf } from "./endings.ts";
import { once } from "./once.ts";

const WORDS: Readonly<Record<string, string>> = {
  ar:
    "كتابة أكتب يكتب اكتب قراءة أقرأ تحدث التحدث أتحدث حديث الكلام أتكلم أقول أخبر " +
    "إخبار تحضير التحضير أحضر إعداد استعداد الاستعداد أستعد بداية أبدأ البدء ابدأ " +
    "تغيير أغير إصلاح أصلح صنع أصنع عمل أعمل لعب العزف عزف أعزف تعامل التعامل أتعامل " +
    "فهم أفهم شعور أشعر تحسين أحسن بناء إنشاء تنظيم أنظم طلب أطلب الحصول أحصل استخدام " +
    "أستخدم جديد جديدة مشكلة مشاكل",
  en:
    "write writing written read reading speak speaking talk talking tell telling say " +
    "saying play playing make making build building run running start starting begin " +
    "beginning prepare preparing preparation change changing fix fixing repair " +
    "repairing improve improving deal dealing handle handling understand " +
    "understanding know knowing use using feel feeling go going come coming live " +
    "living keep keeping set setting stop stopping pay paying buy buying move moving " +
    "leave leaving apply applying ask asking answer work working better good new " +
    "first back year years day days life home people friend friends time way ways " +
    "problem problems trouble issue issues beginner beginners basic basics grew grow " +
    "growing afraid try trying chat chatting lose losing",
  fr:
    "écrire écris écrit rédiger lire parler dire raconter jouer faire construire " +
    "commencer débuter débutant débutante préparer préparation changer changement " +
    "réparer réparation améliorer gérer comprendre savoir connaître utiliser sentir " +
    "sens monter créer organiser vivre payer acheter arrêter demander demande " +
    "répondre nouveau nouvelle premier première problème problèmes difficultés jour " +
    "vie temps petit bon bien discuter bavarder perdre",
  de:
    "schreiben schreibe lesen sprechen spreche reden rede sagen erzählen spielen " +
    "machen bauen anfangen beginnen Anfänger starten vorbereiten Vorbereitung bereite " +
    "ändern ändere wechseln reparieren Reparatur verbessern umgehen Umgang verstehen " +
    "wissen kennen benutzen nutzen fühlen fühle gehen gründen leben zahlen bezahlen " +
    "kaufen aufhören fragen beantragen antworten neu neue neuen erste ersten Problem " +
    "Probleme Schwierigkeiten Tag Leben Zeit gut besser richtig Alltag unterhalten " +
    "verlieren",
  it:
    "scrivere scrivo leggere parlare parlo dire raccontare suonare giocare costruire " +
    "iniziare cominciare principiante preparare prepararsi prepararmi preparazione " +
    "cambiare cambio riparare migliorare gestire capire sapere conoscere usare " +
    "sentire sento creare aprire vivere pagare comprare smettere chiedere richiesta " +
    "rispondere nuovo nuova primo prima problema problemi difficoltà giorno vita " +
    "tempo bene riesco mettere chiacchierare conversare perdere",
  pl:
    "pisać pisanie napisać czytać czytanie mówić powiedzieć rozmawiać rozmowa " +
    "opowiedzieć grać gra gry zagrać robić zrobić budować zacząć zaczynać " +
    "początkujący przygotować przygotowanie przygotowania zmienić zmiana zmiany " +
    "naprawić naprawa poprawić radzić zrozumieć wiedzieć znać używać czuć czuję " +
    "założyć otworzyć żyć płacić zapłacić kupić przestać pytać odpowiedzieć nowy nowa " +
    "nowe pierwszy pierwsza problem problemy trudności dzień życie czas dobrze " +
    "napisania stracić",
  pt:
    "escrever escrevo ler falar dizer contar jogar tocar construir começar iniciar " +
    "iniciante principiante preparar preparação mudar mudança consertar reparar " +
    "melhorar lidar entender compreender saber conhecer usar sentir sinto criar abrir " +
    "viver pagar comprar parar pedir pedido responder novo nova primeiro primeira " +
    "problema problemas dificuldade dia vida tempo bem montar conversar perder ficar",
  ru:
    "писать написать пишу читать прочитать говорить поговорить сказать рассказать " +
    "играть играю сыграть делать сделать построить начать начинать начинающий " +
    "начинающих подготовиться подготовить подготовка готовиться изменить менять " +
    "поменять сменить чинить починить ремонт улучшить справиться справляться понять " +
    "понимать знать использовать чувствовать чувствую открыть создать организовать " +
    "жить платить оплатить купить перестать спросить ответить новый новая новое " +
    "первый первая проблема проблемы трудности день жизнь время хорошо лучше получить " +
    "оформить общаться потерять",
  es:
    "escribir escribo leer hablar decir contar tocar jugar construir empezar comenzar " +
    "principiante principiantes preparar prepararme preparación cambiar cambio " +
    "arreglar reparar mejorar manejar entender comprender saber conocer usar sentir " +
    "siento crear abrir montar vivir pagar comprar dejar pedir solicitar responder " +
    "nuevo nueva primer primera problema problemas dificultad día vida tiempo bien " +
    "mejor conversar charlar perder perdí",
  tr:
    "yazmak yazma okumak okuma konuşmak konuşma söylemek anlatmak çalmak çalmayı " +
    "oynamak oyun yapmak yapma kurmak kurma başlamak başlangıç hazırlanmak hazırlık " +
    "hazırlamak değiştirmek değişiklik değişim onarmak tamir düzeltmek geliştirmek " +
    "anlamak bilmek kullanmak hissetmek hissediyorum açmak yaşamak ödemek almak " +
    "bırakmak sormak cevaplamak yeni ilk sorun sorunlar sorunu gün hayat zaman iyi " +
    "başa kaybetmek sohbet",
};

/** The units (`endings.unitOf`) that are such words. */
export const lightUnits: () => ReadonlySet<string> = once(() => {
  const found = new Set<string>();
  for (const [language, line] of Object.entries(WORDS)) {
    const family = familyOf(language);
    if (family === null) continue;
    for (const word of wordsBetweenBlanks(fold(line))) {
      found.add(unitOf(family, stem(word, family)));
    }
  }
  return found;
});

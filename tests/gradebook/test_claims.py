"""Words around blanks: no figure of one's own in any language, and no claim that is not the blank's."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from faraday_app.contexts.service.languages import NAMES
from faraday_app.gradebook.calculation import (
    DEFAULT,
    Group,
    Kind,
    Rules,
    Scheme,
    Sheet,
    Work,
    calculate,
)
from faraday_app.gradebook.service.blanks import blanks_of, filled, ours
from faraday_app.gradebook.service.claims import faults
from faraday_app.gradebook.service.locked import figures_of, invented
from faraday_app.gradebook.service.number_words import number_words

IDS = [UUID(int=number) for number in range(1, 12)]
A, B, C, D, Q, L, P = map(str, IDS[:7])
TITLES = {A: "Quiz 1", B: "Quiz 2 [redo]", C: "Quiz 3", D: "Unit 12 test"}
NAMES_OF = {Q: "Quizzes", L: "Labs", P: "Projects"}


def record_of(*groups, scheme=Scheme.weighted, cap=None):
    """As much of a record as blanks are made of."""
    grades = calculate(Sheet(groups, scheme, letters=DEFAULT, cap=cap))
    named = [SimpleNamespace(id=UUID(id), name=name) for id, name in NAMES_OF.items()]
    work = [SimpleNamespace(id=UUID(id), title=title) for id, title in TITLES.items()]
    return SimpleNamespace(structure=SimpleNamespace(groups=named, periods=[]), work=work, grades=grades)


def usual():
    """Quizzes 17/20, 12/20 (dropped), 18.5/20 after a point for lateness, of 40 %; labs 22.5/30 of 50 %; projects."""
    quizzes = Group(Q, (Work(A, 20, 17), Work(B, 20, 12), Work(C, 20, 18, deducted=1)), 40, Rules(lowest=1))
    return record_of(quizzes, Group(L, (Work(D, 30, 22),), 50), Group(P, (), 10))


RECORDS = {
    "usual": usual(),
    "one group": record_of(Group(L, (Work(D, 30, 22),), 50)),
    "a tie": record_of(Group(Q, (Work(A, 20, 10),), 50), Group(L, (Work(D, 30, 15),), 50)),
    "points": record_of(Group(Q, (Work(A, 20, 17),)), Group(L, (Work(D, 30, 22),)), scheme=Scheme.points),
    "capped": record_of(Group(Q, (Work(A, 20, 30),), 60), Group(L, (Work(D, 30, 22),), 40), cap=100),
    "thirds": record_of(
        Group(Q, (Work(A, 20, 17),), 40), Group(L, (Work(B, 20, 17),), 30), Group(P, (Work(D, 30, 22),), 30)
    ),
    "highest dropped": record_of(Group(Q, (Work(A, 20, 17), Work(B, 20, 12)), 40, Rules(highest=1))),
}
GOOD = "The total is [total]. The largest part comes from [largest part], the rest from [other parts]."
MORE = "The lowest work, [dropped work], was dropped; late work cost [late penalty]. Not graded yet: [ungraded groups]."


class TestOurs:
    @pytest.mark.parametrize("name", RECORDS)
    @pytest.mark.parametrize("kind", Kind)
    def test_keeps_to_the_rules_that_models_have_and_to_the_derivation(self, name, kind):
        found = RECORDS[name]
        blanks = blanks_of(found, kind)
        assert faults(ours(blanks), blanks) == []
        told = (found.grades.current if kind is Kind.current else found.grades.final).derivation
        figures = figures_of(told, DEFAULT, [*TITLES.values(), *NAMES_OF.values()])
        assert invented(filled(ours(blanks), blanks), figures) == []

    def test_reads_well(self):
        blanks = blanks_of(usual(), Kind.current)
        assert filled(ours(blanks), blanks) == (
            "So far the total is 79.63 % (C+). The largest part of it comes from Labs (40.74 %), with Quizzes (38.89 %)"
            " beside it. Quiz 2 [redo] (12/20) was dropped and does not count. Late work cost 1 point, already taken"
            " off. Nothing is graded yet in Projects."
        )

    def test_says_no_word_of_english_for_another_language(self):
        said = [blank.said for blank in blanks_of(usual(), Kind.current, english=False)]
        assert "1" in said
        assert not [each for each in said if " and " in each or "point" in each]


class TestFaults:
    @pytest.mark.parametrize("sentence", [f"{GOOD} {MORE}", f"{MORE} {GOOD}", f"{GOOD} {MORE}".replace("[t", "[ T")])
    def test_lets_through_what_is_true_of_each_blank(self, sentence):
        assert faults(sentence, blanks_of(usual(), Kind.current)) == []

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("The total is", "After three weeks the total is", "three"),
            ("The total is", "Of 20 it is", "20"),
            ("[total].", "[total], a B.", "B"),
            ("[total].", "[total], a third of it.", "third"),
            ("[total].", "[total] since Monday.", "Monday"),
            ("[total].", "[percent].", "[percent]"),
            ("[total].", "high.", "[total] is missing"),
            ("[total].", "[total], yes [total].", "[total] twice"),
            ("[total].", "[total], which rose.", "rose"),
            ("[total].", "[total], better than the average.", "average"),
            ("the rest from", "the lowest from", "lowest"),
            ("the rest from", "late work from", "late"),
            ("The lowest work", "The highest work", "highest"),
            ("Not graded yet:", "Dropped:", "Dropped"),
            ("[total].", "[total] <b>.", "<"),
            ("[total].", "[total] " + "and so on " * 60, "too long"),
        ],
    )
    def test_names_what_is_not(self, old, new, fault):
        sentence = f"{GOOD} {MORE}".replace(old, new, 1)
        assert fault in faults(sentence, blanks_of(usual(), Kind.current))

    @pytest.mark.parametrize(("name", "wrong"), [("usual", []), ("thirds", ["most"])])
    def test_knows_what_is_more_than_half(self, name, wrong):
        blanks = blanks_of(RECORDS[name], Kind.current)[:3]
        assert faults("[total]: most of it comes from [largest part], the rest from [other parts].", blanks) == wrong


NUMBERS = {
    "ar": "ثلاثة عشر خمسون والأربعون نصف",
    "cs": "tři dvacet šestnáct druhý polovina osmdesátý",
    "da": "to tre enogfirs halvtreds femten syvogtyve anden",
    "de": "drei einundachtzig siebzehn zwölf zweite Hälfte dreißig hundertzwanzig",
    "el": "τρία είκοσι πέντε ογδόντα δεύτερος μισό",
    "en": "three twenty second half eighty",
    "es": "tres veintiuno ochenta mitad segunda cinco",
    "et": "kolm kakskümmend kaheksakümmend teine pool viisteist",
    "fi": "kolme kaksikymmentä kahdeksankymmentäyksi toinen puolet viisitoista",
    "fr": "trois vingt quatre deuxième moitié cinquante",
    "hu": "három nyolcvanegy huszonöt második fele tizenhat",
    "it": "tre ottantuno ventidue seconda metà cinquanta",
    "ja": "半分 ふたつ",
    "lt": "trys aštuoniasdešimt vienas antras pusė penkiolika",
    "lv": "trīs astoņdesmit viens otrais puse piecpadsmit",
    "nb": "tre åttien femten halvparten sju",
    "nl": "drie eenentachtig zestien tweede helft vijftig",
    "pl": "trzy osiemdziesiąt jeden połowa piętnaście",
    "pt": "três oitenta segunda metade quinze dois",
    "ro": "trei optzeci doua jumătate cincisprezece",
    "ru": "три восемьдесят один второй половина пятнадцать",
    "sv": "tre åttioett femton andra hälften tjugo",
    "tr": "üç seksen ikinci yarısı beş",
    "uk": "три вісімдесят один другий половина п’ятнадцять",
    "zh": "一半 两",
}
PLAIN = {
    "ar": "المجموع حتى الآن هو ومعظمه من المقالات والباقي من المجموعات الأخرى",
    "cs": (
        "Celkový výsledek je zatím, největší část pochází ze skupiny a zbytek přinesly ostatní skupiny."
        " Nejslabší práce se nepočítá, ten výsledek ještě není hodnocen."
    ),
    "da": (
        "Resultatet indtil nu er godt, og den største del kommer fra opgaver, resten fra de andre"
        " grupper. Det laveste arbejde tæller ikke med."
    ),
    "de": (
        "Bisher beträgt die Gesamtnote; der größte Teil davon kommt aus den Aufsätzen, der Rest aus den"
        " anderen Gruppen. Die schwächste Arbeit wurde gestrichen und zählt nicht, eine verspätete Abgabe"
        " kostete Punkte. Dein Kind hat noch keine Noten."
    ),
    "el": (
        "Η συνολική βαθμολογία μέχρι στιγμής είναι, το μεγαλύτερο μέρος προέρχεται από τις εκθέσεις και"
        " το υπόλοιπο από τις άλλες ομάδες"
    ),
    "en": (
        "So far the total is good. The largest part of it comes from essays, the rest from others. The"
        " lowest work was dropped and does not count; late work took off points. Nothing is graded yet in"
        " this group. It tests what remains, and once more the sum."
    ),
    "es": (
        "Hasta ahora el total es bueno; la mayor parte viene de los ensayos y el resto de los otros"
        " grupos. El trabajo más bajo no cuenta y aún no hay notas."
    ),
    "et": (
        "Seni on kogutulemus hea, suurem osa tuleb esseedest ja ülejäänu teistest rühmadest. Madalaim"
        " töö ei lähe arvesse."
    ),
    "fi": (
        "Tähän mennessä kokonaistulos on hyvä, suurin osa tulee esseistä ja loput muista ryhmistä."
        " Heikoin työ jätettiin pois eikä sitä lasketa."
    ),
    "fr": (
        "Pour l’instant, le total est bon ; la plus grande partie vient des rédactions et le reste des"
        " autres groupes. Le travail le plus faible ne compte pas, un retard a coûté des points. On n’a"
        " pas encore de notes."
    ),
    "hu": (
        "Az eddigi összeredmény jó, a legnagyobb része az esszékből származik, a többi a csoportokból. A"
        " leggyengébb munka nem számít, és még nincs jegy."
    ),
    "it": (
        "Finora il totale è buono; la parte maggiore viene dai saggi e il resto dagli altri gruppi. Il"
        " lavoro più basso non conta, non ci sono ancora voti."
    ),
    "ja": "これまでの合計は良く、最も大きな部分は作文で、残りは他のグループです。",
    "lt": (
        "Iki šiol bendras rezultatas geras, didžiausia dalis gauta iš rašinių, o likusi dalis iš kitų"
        " grupių. Žemiausias darbas neskaičiuojamas."
    ),
    "lv": (
        "Līdz šim kopējais rezultāts ir labs, lielākā daļa nāk no esejām, pārējais no citām grupām."
        " Zemākais darbs netiek skaitīts."
    ),
    "nb": (
        "Så langt er resultatet bra, den største delen kommer fra stilene og resten fra de andre"
        " gruppene. Det laveste arbeidet teller ikke, og det er ingen karakterer ennå."
    ),
    "nl": (
        "Tot nu toe is het totaal goed; het grootste deel komt van de opstellen en de rest van de andere"
        " groepen. Het laagste werk telt niet mee en er zijn nog geen cijfers."
    ),
    "pl": (
        "Dotychczasowy wynik jest dobry, największa część pochodzi z wypracowań, a reszta z innych grup."
        " Najsłabsza praca się nie liczy i to jeszcze nie są oceny."
    ),
    "pt": (
        "Até agora o total é bom; a maior parte vem das redações e o resto dos outros grupos. O trabalho"
        " mais baixo não conta e ainda não há notas."
    ),
    "ro": (
        "Până acum totalul este bun, cea mai mare parte vine din eseuri, iar restul din celelalte grupe."
        " Lucrarea cea mai slabă nu se ia în calcul."
    ),
    "ru": (
        "Пока общий результат хороший, большая часть приходится на сочинения, остальное на другие"
        " группы. Самая слабая работа не учитывается, оценок ещё нет."
    ),
    "sv": (
        "Hittills är resultatet bra, den största delen kommer från uppsatserna och resten från de övriga"
        " grupperna. Det lägsta arbetet räknas inte, och det finns inga betyg än."
    ),
    "tr": (
        "Şimdiye kadarki toplam iyi, en büyük bölümü yazılardan, kalanı diğer gruplardan geliyor. En"
        " düşük çalışma sayılmıyor ve henüz not yok."
    ),
    "uk": (
        "Поки що загальний результат добрий, найбільша частина припадає на твори, решта на інші групи."
        " Найслабша робота не враховується, оцінок ще немає."
    ),
    "zh": "目前总成绩很好，最大部分来自作文，其余来自其他小组。",
}


class TestNumberWords:
    def test_know_every_language_that_answers_may_have(self):
        assert set(NUMBERS) == set(PLAIN) == set(NAMES)

    @pytest.mark.parametrize("language", NUMBERS)
    def test_find_each_of_its_numbers(self, language):
        assert [word for word in NUMBERS[language].split() if not number_words(word, language)] == []

    @pytest.mark.parametrize("language", PLAIN)
    def test_leave_its_other_words_alone(self, language):
        assert number_words(PLAIN[language], language) == []

    @pytest.mark.parametrize("language", NUMBERS)
    def test_find_long_ones_of_a_language_that_was_not_asked_for(self, language):
        assert [word for word in NUMBERS[language].split() if len(word) > 5 and not number_words(word)] == []

    def test_are_quick_with_what_is_no_word(self):
        assert number_words("zestig" * 5_000 + "x") != []

"""Words that say a number, in every language in which Faraday has models answer. Pure.

Each language has its words, or what its compounds and inflected forms are put together of. Where the word for one is
also the article (ein, une, egy, bir) it says no number. Chinese and Japanese write numbers in characters that Unicode
knows as numbers; here are only those that it does not.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple


class _Tongue(NamedTuple):
    """``parts`` without accents; ``joins`` may stand between them, ``ends`` after the last. ``joins`` None: no word is
    put together of several; ``begins`` may stand before it. ``small`` are words that would match and say no number:
    articles, “other”, “than”."""

    parts: str
    ends: str = ""
    joins: str | None = None
    small: str = ""
    begins: str = ""


LONG = 5  # letters that no word of a language shares with a number of another by chance
LONGEST = 40  # letters of a word; a longer one is none
_SAME = str.maketrans("ıةأإ", "iهاا")  # how it is written makes no other word
_SPACELESS = ("ja", "zh")
_FRIENDS = frozenset({"otros", "viene"})  # long words of one language that are numbers in another
_WORDS = {
    "ar": _Tongue(
        "واحده? اثنان اثنين اثنتان اثنتين ثلاثه? ثلاث اربعه? اربع خمسه? خمس سته? ست سبعه? سبع ثمانيه? ثماني تسعه?"
        " تسع عشره? عشر عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين"
        " تسعون تسعين ميه مايه مئه مائه الف نصف ربع ثلث ضعف",
        joins="",
        ends="ا?",
        begins="(?:و|ب|ل|ك)?(?:ال)?",
    ),
    "cs": _Tongue(
        "nula jed(?:en|na|no|noho|nim|nu) dva dve dvou dvema tri trech trem ctyr pet sest sedm osm devet deset"
        " jedenact dvanact trinact ctrnact patnact sestnact sedmnact osmnact devatenact dvacet tricet ctyricet"
        " padesat sedesat sedmdesat osmdesat devadesat sto stech tisic prvni druh treti ctvrt pat sest sedm osm"
        " devat desat pul polovin dvojnasob tucet",
        ends="(?:i|y|u|a|e|mi|ti|ek|ou|ym|ymi|ych|em|ina|inu|iny|ek|ho|eho|emu|ka|ku|ky)?",
        small="toto ten druhe druheho ste stu pate pul",
    ),
    "da": _Tongue(
        "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten"
        " nitten tyve tredive fyrre(?:tyve)? halvtreds tres halvfjerds firs halvfems(?:indstyve)? hundrede tusind"
        " forste anden andet tredje fjerde halv halvdel dobbelt dusin",
        joins="og",
        ends="(?:de|nde|indstyvende|e|r)?",
        small="en andre",
    ),
    "de": _Tongue(
        "null eins ein zwei zwo drei vier fuenf funf sechs sech sieben sieb acht neun zehn elf zwolf zwoelf"
        " zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig hundert tausend erst dritt halb"
        " halft doppel dutzend drittel viertel",
        joins="und",
        ends="(?:en|er|es|em|e|t|te|ten|ter|tes|tem|ste|sten|ster|mal|fach|tel|teln|tels|s)?",
        small="ein eine einen einer eines einem erster erste ersten erstes erst achte achten dem",
    ),
    "el": _Tongue(
        "μηδεν δυο τρ(?:ια|εις|ιων) τεσσερ(?:α|ις|εις|ων) πεντε εξι επτα εφτα οκτω οχτω εννε?α δεκα εντεκα ενδεκα"
        " δωδεκα εικοσι τριαντα σαραντα πενηντα εξηντα εβδομηντα ογδοντα ενενηντα εκατον? διακοσια χιλι(?:α|αδες)"
        " πρωτ δευτερ τριτ τεταρτ πεμπτ μισο μισ διπλασι ντουζινα",
        joins="",
        ends="(?:α|ο|η|ος|ος|οσ|ησ|ης|ου|οι|ες|ων|ους|εσ|ουσ)?",
    ),
    "en": _Tongue(
        "zero nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
        " thousand million first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " twentieth half halves quarter twice thrice double triple dozen single both couple pair",
        ends="(?:s|th|ths|d|ed|ieth)?",
        small="ones both",
    ),
    "es": _Tongue(
        "cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
        " diecisiete dieciocho diecinueve veint(?:e|iuno|iun|idos|itres|icuatro|icinco|iseis|isiete|iocho|inueve)"
        " treinta cuarenta cincuenta sesenta setenta ochenta noventa cien(?:to|tos|tas)? mil primer segund tercer"
        " cuart quint sext septim octav noven decim mitad medi[oa] doble triple docena",
        ends="(?:o|a|os|as|s)?",
    ),
    "et": _Tongue(
        "null uks uhe kaks kahe kolm kolme neli nelja viis viie kuus kuue seitse seitsme kaheksa uheksa kumme"
        " kumne teist kummend teine teise sada saja tuhat tuhande esime pool poole kahekord tosin",
        joins="",
        ends="(?:t|ks|s|st|le|l|ga|na|nda|ndik|ndiku|ne|se|ndat|ndal|ni)?",
        small="poole ukski uhes kahju",
    ),
    "fi": _Tongue(
        "nolla yksi yhden yhta kaksi kahden kahta kolme kolmen nelja neljan viisi viiden viitta kuusi kuuden"
        " kuutta seitseman kahdeksan yhdeksan seitsema kahdeksa yhdeksa kymmenen kymmenta kymmen toista sata sadan"
        " satoja tuhat tuhannen ensimmai toinen puolet puoli puolikas kaksinker tusina kolmas neljas viides"
        " kolmannes neljannes",
        joins="",
        ends="(?:a|n|t|ta|ssa|sta|lla|lta|lle|ksi|nen|sen|sta|kertai\\w*)?",
        small="yksin",
    ),
    "fr": _Tongue(
        "zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente"
        " quarante cinquante soixante septante octante nonante cent mille premi(?:er|ere) second deuxieme"
        " troisieme moitie demi double triple douzaine tiers quart",
        ends="(?:s|e|es|ieme|iemes|uieme)?",
    ),
    "hu": _Tongue(
        "nulla egy ketto ket harom negy ot hat het nyolc kilenc tiz husz harminc negyven otven hatvan hetven"
        " nyolcvan kilencven szaz ezer elso masod harmad negyed otod fel dupla tucat tizen huszon",
        joins="",
        ends="(?:t|et|at|ot|ik|ban|ben|bol|nak|nek|rol|val|vel|szor|szer|e|a|ed|od|ad|edik|odik|adik)?",
        small="egy hatnak hetes felel",
    ),
    "it": _Tongue(
        "zero due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
        " diciassette diciotto diciannove venti vent trenta trent quaranta quarant cinquanta cinquant sessanta"
        " sessant settanta settant ottanta ottant novanta novant uno un cento cent mille mila prim second terz"
        " quart quint sest settim ottav non decim meta mezz doppi tripl dozzina",
        joins="",
        ends="(?:o|a|i|e|esimo|esima|esimi)?",
        small="uno un una non nona quint",
    ),
    "ja": _Tongue("半 半分 倍 半数 ひとつ ふたつ みっつ よっつ いつつ むっつ ななつ やっつ ここのつ とお ゼロ"),
    "lt": _Tongue(
        "nul vien du dvi dviej tr(?:ys|iju|ims|is) keturi? penki? sesi? septyni? astuoni? devyni? desimt"
        " vienuolik dvylik trylik keturiolik penkiolik sesiolik septyniolik astuoniolik devyniolik dvidesimt"
        " trisdesimt keturiasdesimt penkiasdesimt sesiasdesimt septyniasdesimt astuoniasdesimt devyniasdesimt simt"
        " tukstan(?:t|c) pirm antr treci ketvirt penkt sest septint astunt devint pus dvigub tuzin",
        ends="(?:as|a|i|u|ai|is|ius|ios|iu|ems|iems|oms|es|e|o|iai|us|os|ti|ies|inis|tas|ta|ajam|oji|asis|ame|e)?",
        small="pusu",
    ),
    "lv": _Tongue(
        "nulle vien div tris trij cetr pie[ck] ses septin aston devin desmit vienpadsmit divpadsmit trispadsmit"
        " cetrpadsmit piecpadsmit sespadsmit septinpadsmit astonpadsmit devinpadsmit divdesmit trisdesmit"
        " cetrdesmit piecdesmit sesdesmit septindesmit astondesmit devindesmit simt tukstos pirm otr tres ceturt"
        " piekt sest septit astot devit pus dubult ducis",
        ends="(?:s|a|i|u|as|us|os|iem|am|ais|o|e|es|ie|ai|ja|ji|is|ie|tais)?",
    ),
    "nb": _Tongue(
        "null to tre fire fem seks sju syv atte ni ti elleve tolv tretten fjorten femten seksten sytten"
        " atten nitten tjue tyve tretti tredve forti forr femti seksti sytti atti atti nitti hundre tusen forste"
        " første andre annen tredje fjerde halv halvpart dobbel dobbelt dusin",
        joins="og|",
        ends="(?:e|de|en|ende|te|s)?",
        small="en andre",
    ),
    "nl": _Tongue(
        "nul twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
        " achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend een"
        " eerst tweed derd half helft dubbel dozijn kwart",
        joins="en|",
        ends="(?:e|de|ste|en|s|maal)?",
        small="een eens ene enen ende achten",
    ),
    "pl": _Tongue(
        "zero jed(?:en|na|no|nego|nej|nym) dwa dwie dwoch dwom dwiema trzy trzech trzem cztery czterech pie[cl]c?"
        " piec pieciu szesc szesciu siedem siedmiu osiem osmiu dziewiec dziewieciu dziesiec dziesieciu jedenascie"
        " dwanascie trzynascie czternascie pietnascie szesnascie siedemnascie osiemnascie dziewietnascie"
        " dwadziescia trzydziesci czterdziesci piecdziesiat szescdziesiat siedemdziesiat osiemdziesiat"
        " dziewiecdziesiat sto stu tysiac pierwsz drug trzeci czwart piat szost siodm osm dziewiat dziesiat poł"
        " poło połow pol polow podwojn tuzin",
        ends="(?:y|a|e|i|ego|ej|ym|ich|iej|u|o|ie|ą|ę)?",
        small="drug stoi polu",
    ),
    "pt": _Tongue(
        "zero dois duas tres quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze"
        " dezasseis dezesseis dezassete dezessete dezoito dezanove dezenove vinte trinta quarenta cinquenta"
        " sessenta setenta oitenta noventa cem cento centos mil primeir segund terceir quart quint sext setim"
        " oitav non decim metade meio meia dobro triplo duzia",
        ends="(?:o|a|os|as|s)?",
    ),
    "ro": _Tongue(
        "zero doi doua trei patru cinci sase sapte opt noua zece unsprezece doisprezece douasprezece treisprezece"
        " paisprezece cincisprezece saisprezece saptesprezece optsprezece nouasprezece douazeci treizeci patruzeci"
        " cincizeci saizeci saptezeci optzeci nouazeci suta sute mie mii primul prima doilea treilea patrulea"
        " cincilea jumatate dublu duzina sfert",
        ends="(?:lea)?",
        small="un",
    ),
    "ru": _Tongue(
        "ноль нол одна одно один одного одной одном одну два две двух двумя двум три трех тремя трем четыр пят"
        " шест сем восем восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат"
        " семнадцат восемнадцат девятнадцат двадцат тридцат сорок пятьдесят шестьдесят семьдесят восемьдесят"
        " девяност сто ста тысяч перв втор трет четверт седьм половин пол вдвое двое дюжин",
        ends="(?:ь|и|ью|е|ех|емя|ои|ыи|ый|ая|ое|ого|ому|ой|ую|ом|ым|ии|ья|ье|а|у|ы|ка|ку|ки|ерка)?",
        small="пола полу полы сема",
    ),
    "sv": _Tongue(
        "noll tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton sjutton"
        " arton nitton tjugo trettio fyrtio femtio sextio sjuttio attio nittio hundra tusen forst andra"
        " tredje fjarde femte halv halft halften dubbel dubbelt dussin ett en",
        joins="",
        ends="(?:a|e|nde|de|en|s|t)?",
        small="en ett ens ende ene ent enen ente",
    ),
    "tr": _Tongue(
        "sifir iki uc dort bes alti yedi sekiz dokuz on yirmi otuz kirk elli altmis yetmis seksen doksan yuz bin"
        " bir ilk yarim yari yarisi ceyrek cift duzine",
        joins="",
        ends="(?:i|u|si|inci|nci|uncu|ncu|er|ser|de|da|te|ta|den|dan|ten|tan|e|a|in|un)?",
        small="bir biri birer bine bini bira yari ona onda ondan one oni onu onun onun ilke bine",
    ),
    "uk": _Tongue(
        "нуль один одна одне одно одного одніеі одну два дві двох двом двома три трьох трьом чотир пять п'ять"
        " п’ять пят п'ят п’ят шест шіст сім сем вісім восьм девять девят десять десят одинадцят дванадцят"
        " тринадцят чотирнадцят пятнадцят п'ятнадцят п’ятнадцят шістнадцят сімнадцят вісімнадцят девятнадцят"
        " дев'ять дев’ять двадцят тридцят сорок пятдесят п'ятдесят п’ятдесят шістдесят сімдесят вісімдесят"
        " девяност дев'яност сто ста тисяч перш друг трет четверт сьом половин пів удвічі вдвічі дюжин",
        ends="(?:ь|и|ьох|ьма|ии|іи|а|е|ого|ому|оі|у|ім|іх|ою|ти|ка|ку|ки|ом|ір|ірка)?",
        small="друга друг друге суму",
    ),
    "zh": _Tongue("半 一半 两 兩 双 雙 倍 几 零"),
}  # fmt: skip


def number_words(text: str, language: str = "en") -> list[str]:
    """The words of a text that say a number in this language or in English, as they stand there; and those of any other
    language that are too long, or of too different a script, to be anything else by chance."""
    found, small = [], _WORDS.get(language, _WORDS["en"]).small.split()
    for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text):
        if language in _SPACELESS or not word.isascii():
            found += [each for each in _characters() if each in word]
        plain = _folded(word)
        if plain in small:
            continue
        if (
            len(plain) > LONGEST
            or any(_says(plain, each) for each in {"en", language} if each in _WORDS)
            or _elsewhere(plain, language)
        ):
            found.append(word)
    return found


def _elsewhere(plain: str, language: str) -> bool:
    if plain in _FRIENDS:
        return False
    far = not plain.isascii()
    return (far or len(plain) >= LONG) and any(_says(plain, each) for each in _WORDS if each != language)


def _says(plain: str, language: str) -> bool:
    return plain not in _WORDS[language].small.split() and bool(_pattern(language).fullmatch(plain))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    tongue = _WORDS[language]
    part = f"(?:{'|'.join(tongue.parts.split())})"
    more = "" if tongue.joins is None else f"(?:(?:{tongue.joins})?{part})*"
    return re.compile(f"{tongue.begins}{part}{more}{tongue.ends}")


@cache
def _characters() -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_WORDS["zh"].parts.split(), *_WORDS["ja"].parts.split()]))


def _folded(text: str) -> str:
    """Without accents and in lower case; what looks like a letter of another kind stays."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SAME))
    return "".join(each for each in plain if not unicodedata.combining(each))

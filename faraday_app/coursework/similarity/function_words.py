"""The little words that hold a sentence together, by language: who renames nouns and verbs leaves them standing.

Folded as all words are (no accents, no apostrophes). In a language that is not listed, the short words stand in.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

LISTS: Final = {
    "en": """
        a about above after again against all also although always am among an and another any are around as at away
        be because been before being below between both but by can cannot could did do does dont down during each
        either even ever every few for from had has have he her here hers herself him himself his how i if in into is
        it its itself just less many may me might more most much must my never no nor not now of off often on once one
        only or other our out over own same she should since so some still such than that the their them themselves
        then there these they this those though through thus to together too toward towards two under until up upon us
        very was we were what when where whether which while who whole whom whose why will with within without would
        yet you your
        """,
    "de": """
        aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis da dabei damit
        dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem
        einen einer eines er es etwas fur gegen hat hatte hatten ich ihm ihn ihr ihre ihrem ihren ihrer im immer in ins
        ist ja jede jedem jeden jeder jedes jedoch kann kein keine keinen konnte man mehr mein mich mir mit muss nach
        nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so solche
        sondern sowie uber um und uns unter viel viele vom von vor war waren was weil wenn werden wer wie wieder wird
        wo wurde wurden zu zum zur zwischen
        """,
    "fr": """
        a afin ai ainsi alors apres au aussi autre autres aux avait avant avec avoir c car ce cela celle celui ces cet
        cette ceux chaque chez comme comment d dans de depuis des deux dire doit donc dont du elle elles en encore entre
        est et etaient etait etc etre eux fait faut il ils j je jusqu l la le les leur leurs lors lui m mais me meme
        memes mes moins mon n ne ni non nos notre nous on ont ou par parce pas pendant peu peut plus pour pourquoi qu
        quand que quel quelle qui quoi s sa sans se selon ses si son sont sous sur t tous tout toute toutes tres tu un
        une vers vous y
        """,
    "es": """
        a al algo algunos ante antes aquel asi aun aunque bajo bien cada como con contra cual cuando de del desde donde
        dos durante e el ella ellas ellos en entre era eran es esa ese eso esta estaba estas este esto estos fue fueron
        ha habia han hasta hay la las le les lo los mas me mi mientras mismo mucho muy nada ni no nos nosotros o otra
        otro otros para pero poco por porque pues que quien se sea segun ser si sin sino sobre son su sus tal tambien
        tan tanto te tenia tiene todo todos tras tu un una unas uno unos y ya yo
        """,
    "it": """
        a ad agli ai al alla alle allo anche ancora c che chi ci cioe come con contro cosi cui da dagli dai dal dalla
        dalle dei del della delle dello di dopo dove due e ed era erano essere fra gia gli ha hanno i il in io l la le
        lei li lo loro lui ma me mentre mi molto ne negli nei nel nella nelle nello no noi non o ogni per perche piu
        poi prima pure qual quale quando quanto quella quelle quelli quello questa queste questi questo qui sara se
        senza si sia solo sono sopra sotto sta sua sue sugli sul sulla sulle suo suoi tra tu tutti tutto un una uno v
        vi
        """,
    "nl": """
        aan al alle alleen als altijd ander andere bij daar dan dat de deze die dit doch doen door dus een en er had
        hadden heb hebben heeft hem het hier hij hoe hun ik in is ja je kan kon kunnen maar meer men met mij mijn moet
        na naar niet niets nog nu of om omdat onder ons ook op over reeds sinds te tegen toch toen tot tussen u uit uw
        van veel voor want waren was wat we wel werd werden wie wij wordt worden zal ze zich zij zijn zo zonder zou
        """,
    "pt": """
        a ainda ao aos apenas apos as ate cada com como contra da das de dela dele deles depois desde do dois dos e ela
        elas ele eles em entre era eram essa esse esta estao este eu foi foram ha isso isto ja lhe mais mas me mesmo
        meu muito na nao nas nem no nos nossa nosso num numa o onde os ou outra outro para pela pelas pelo pelos
        porque quando que quem se sem ser seu seus sob sobre sua suas tambem tao tem ter tinha todo todos tu tudo um
        uma umas uns voce
        """,
}
FUNCTION_WORDS: Final = {language: frozenset(words.split()) for language, words in LISTS.items()}
# In a text of a listed language at least so much are its function words; elsewhere words up to so long pass for them.
LISTED: Final = 0.2
SHORT: Final = 3


def function_words(words: Sequence[str]) -> frozenset[str]:
    """Those of these words that are function words in the language that most of them speak."""
    counts = Counter(words)
    covered = {
        language: sum(counts[word] for word in listed & counts.keys()) for language, listed in FUNCTION_WORDS.items()
    }
    language = max(covered, key=covered.__getitem__)
    if covered[language] >= LISTED * len(words):
        return FUNCTION_WORDS[language]
    return frozenset(word for word in counts if len(word) <= SHORT and word.isalpha())

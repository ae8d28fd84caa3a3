"""Essays as students write them, several on the same subject, each its own work; and copies that look new."""

import random
import re
from itertools import combinations

WAR = (
    """The First World War did not begin because of one shot. When Gavrilo Princip killed Archduke Franz
    Ferdinand in Sarajevo on 28 June 1914, Europe had already been divided into two armed camps for more than a
    decade. On the one side stood the Triple Alliance of Germany, Austria-Hungary and Italy, and on the other
    side the Triple Entente of France, Russia and Great Britain. Each of these treaties had been signed in order
    to keep the peace, but together they made sure that a small quarrel in the Balkans could not stay small.

    In my opinion the most important cause was the naval race. From 1898 onwards the German government paid for
    a fleet that it did not need for its own defence, and the British answered with the Dreadnought, a ship that
    made all the older ones worthless overnight. Neither country could stop without looking weak in front of its
    own newspapers. The historian who taught me this at the museum in Kiel said that the admirals on both sides
    understood each other better than they understood their own ministers. By 1912 the race at sea was more or
    less decided, yet the mistrust that it had caused remained, and it shaped what the cabinet in London
    believed about every German move in the last weeks of July.

    It would be wrong, however, to leave out the people who could have said no. The Kaiser gave Vienna his
    famous blank cheque on 5 July and then went on a cruise. The Tsar ordered a general mobilisation although
    his cousin had begged him by telegram to wait. So the alliances loaded the gun, but it was a handful of
    tired men who chose to fire it.""",
    """Why did a murder in a provincial town lead to a war in which millions of people died? In this essay I am
    going to argue that nationalism was the main reason for the outbreak of the First World War, and that the
    system of alliances only decided how fast it spread. The assassination of Archduke Franz Ferdinand in
    Sarajevo on 28 June 1914 was the work of young Serbs who wanted all South Slavs to live in a single state.
    Nothing about this wish was unusual at the time. Poles, Czechs and Irish people wanted the same, and the old
    empires were afraid of all of them.

    Austria-Hungary had the most to lose. It was made up of eleven nations, and if one of them was allowed to
    leave, the rest would follow. For this reason the generals in Vienna had been asking for a war against
    Serbia since 1906. The ultimatum of 23 July was written in such a way that nobody could accept it. Serbia
    agreed to nearly every point on the list, but the Austrians had already made up their minds, and on 28 July
    they declared war.

    After that, the Triple Alliance and the Triple Entente were pulled in one after the other within a single
    week. Russia felt that it had to protect its Slavic brothers, Germany felt that it had to protect Austria,
    and France wanted revenge for the provinces that it had lost in 1871. Great Britain entered the war when
    German troops marched through Belgium. It can be seen that in each country the government was able to count
    on crowds who cheered in the streets, because they had been taught at school that their nation was better
    than the others.""",
    """Historians have been arguing about the causes of the First World War for over a hundred years, and they
    still do not agree. Some of them blame the alliances, some of them blame the arms race between Germany and
    Great Britain, and others believe that nobody really wanted it to happen. I think that the plans of the
    generals explain more than any of these things, because they took away the time that the diplomats would
    have needed.

    The best example of this is the Schlieffen Plan. It said that in the case of a war on two fronts the German
    army had to defeat France within six weeks, before the slow Russian army was ready, and that it had to go
    through Belgium to do so. Everything depended on railway timetables. Once the trains were rolling there was
    no way back, as Moltke told the Kaiser when he suddenly asked whether the troops could be sent to the east
    instead. Russia had a similar problem: it could not mobilise only against Austria-Hungary, since its
    officers had never drawn up a plan for that.

    On 28 June 1914 Franz Ferdinand was shot in Sarajevo, and for almost a month hardly anything seemed to
    change. People went on holiday. The stock markets stayed calm until the last week of July. But as soon as
    the first country had called up its reserves, all the others had to do the same as quickly as possible, or
    else they would have been too late. That is why I would describe the summer of 1914 as an accident on a very
    well organised railway, and not as a crime with a single culprit. The Treaty of Versailles, which put all of
    the blame on Germany, made this harder to see for a long time.""",
)
PLANTS = (
    """In our experiment we wanted to find out how the intensity of light changes the rate of photosynthesis in
    pondweed. Photosynthesis is the process by which green plants use light energy to turn carbon dioxide and
    water into glucose and oxygen. We put a piece of Elodea that was about ten centimetres long into a beaker of
    water and placed a lamp at a distance of 50, 40, 30, 20 and 10 centimetres. At each distance we waited for
    two minutes, so that the plant could get used to the light, and then counted the bubbles that rose from the
    cut end of the stem during one minute.

    The number of bubbles went up from 4 at 50 centimetres to 31 at 20 centimetres, but from there to 10
    centimetres it only rose to 33. This means that light was no longer the limiting factor. Something else,
    most likely the amount of carbon dioxide in the water, was holding the plant back. Our graph therefore has a
    steep part and a flat part.

    There are two things that we would do differently next time. The lamp also warmed the water by almost three
    degrees, and since enzymes work faster at higher temperatures, this could have made our numbers too large. A
    glass tank of cold water between the lamp and the beaker would take care of this. Besides, bubbles are not
    all of the same size, so that it would be better to collect the gas in a syringe and to measure its volume.""",
    """The aim of this investigation was to see what effect light has on how fast a water plant makes oxygen.
    Green plants make their own food by photosynthesis. They take in carbon dioxide and water, and with the help
    of chlorophyll and energy from the sun they make glucose, which they can store as starch, and oxygen, which
    they give off. If there is more light, then the plant should give off more oxygen until it cannot work any
    faster.

    One of us held the ruler while the other counted. We moved the lamp closer to the beaker by ten centimetres
    at a time and wrote down how many bubbles came out of the pondweed in sixty seconds. We did this three times
    for every distance and took the mean. One of the results for 30 centimetres did not fit the pattern at all,
    because somebody had bumped into the table and a lot of bubbles had come loose at once, so we left it out
    and did that one again.

    As can be seen from the table, twice the distance did not give us half the bubbles but about a quarter of
    them. Our teacher explained that this is the inverse square law: the same light is spread over an area that
    is four times as big. Close to the lamp the line on the graph levels off. We believe that the plant had run
    out of carbon dioxide by then, and to test this we could add a spoonful of sodium hydrogen carbonate to the
    water and start all over.""",
)
GERMAN = (
    """In der Kurzgeschichte geht es um einen Jungen, der nach dem Krieg jeden Tag auf dem Bahnhof steht und auf
    seinen Vater wartet. Die Mutter hat ihm längst gesagt, dass er nicht mehr kommen wird, aber der Junge will
    es nicht glauben. Am Anfang beschreibt der Erzähler sehr genau, wie die Züge einfahren und wie die Leute an
    dem Kind vorbeigehen, ohne es anzusehen. Dadurch merkt man als Leser sofort, dass er mit seiner Trauer ganz
    allein ist. Erst als ein alter Schaffner sich zu ihm auf die Bank setzt und ihm die Hälfte von seinem Brot
    gibt, ändert sich etwas. Die beiden reden kaum miteinander, und trotzdem geht der Junge an diesem Abend zum
    ersten Mal nach Hause, bevor der letzte Zug kommt.""",
    """Der Text handelt von einem Kind, das seinen Vater im Krieg verloren hat. Es geht nach der Schule immer
    zum Bahnhof, weil es hofft, dass er doch noch aus einem der Züge steigt. Besonders gut gefällt mir, dass der
    Autor die Gefühle nie beim Namen nennt. Man erfährt nur, was der Junge sieht und hört, zum Beispiel das
    Quietschen der Bremsen oder die Schritte auf dem Bahnsteig, und muss sich den Rest selbst denken. Der
    Schaffner ist für mich die wichtigste Figur, denn er ist der einzige Erwachsene, der nicht versucht, dem
    Kind etwas zu erklären. Er teilt sein Brot mit ihm und schweigt. Am Ende weiß man nicht, ob der Junge am
    nächsten Tag wieder dort sitzen wird.""",
)
# Every two essays on the same subject, none of which has anything from the other.
UNRELATED = [pair for subject in (WAR, PLANTS, GERMAN) for pair in combinations(subject, 2)]

PARAGRAPH = """My grandmother kept bees behind the school in Innsbruck, and it was she who taught me that a hive
is less a family than a city. In spring the queen lays up to two thousand eggs a day, while the workers, who are
all her daughters, clean the cells, feed the larvae and guard the entrance against wasps. Nobody tells them what
to do. A young bee begins with the cleaning, and as her glands change she moves on from one task to the next
until, after about three weeks, she flies out to the lime trees along the Danube. When she has found a good
place she returns and dances in the dark, and by the angle of her dance the others know in which direction they
have to look. Karl von Frisch, who worked in Munich for most of his life, measured this with a protractor and
found that they were wrong by hardly more than ten degrees."""

# In place of words that were there.
NOUNS = """
    anchor basket candle dragon engine feather garden hammer island jacket kettle ladder mirror needle orchard
    pencil quarry ribbon saddle timber umbrella velvet window yellow zipper blanket chimney dolphin emerald
    fiddle glacier harvest insect jungle kingdom lantern meadow nutmeg oyster paddle quiver rocket shelter
    tunnel urchin violin walnut gentle silver hollow narrow bitter frozen marble copper golden quiet purple
    rapid sturdy tender
    """
NAMES = "Brenner Talbot Kirsten Walden Esmond Norwich Dana Pruitt Lowell Ferris"


def renamed(text: str, share: float, seed: int, letters: int = 5) -> str:
    """With each proper name, and this share of the words of so many letters, replaced by something else."""
    rng = random.Random(seed)
    names: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match.group()
        sentence_start = re.search(r"(?:^|[.?!]\s+)$", text[: match.start()]) is not None
        if word[0].isupper() and not sentence_start:
            return names.setdefault(word, rng.choice(NAMES.split()))
        return rng.choice(NOUNS.split()) if len(word) >= letters and rng.random() < share else word

    return re.sub(r"[A-Za-z]+", other, text)


def with_paragraph(essay: str, paragraph: str, place: int) -> str:
    """The essay with this paragraph put in before its paragraph at the place."""
    paragraphs = essay.split("\n\n")
    return "\n\n".join([*paragraphs[:place], paragraph, *paragraphs[place:]])

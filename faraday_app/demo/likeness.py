"""Two essays with a passage in common, moved and with some words replaced: what teachers see of it is in the docs.

All others wrote theirs alone, so that these two are found and nothing else.
"""

TITLE = "Photosynthesis essay"
PASSAGE = (
    "A leaf works like a small kitchen with its windows open. Carbon dioxide comes in through tiny pores on the "
    "underside, water climbs up from the roots through narrow tubes, and in the green cells between them the energy of "
    "the sun is used to build sugar from both. Nothing of this can be seen from outside, and yet on a bright morning a "
    "single beech tree gives enough oxygen for ten people."
)
CHANGED = (
    PASSAGE.replace("small kitchen", "little bakery").replace("tiny pores", "small openings").replace("bright", "sunny")
)
OWN = {
    (TITLE, "Noah Fischer"): (
        f"{PASSAGE}\n\nWhen I asked my uncle, who grows tomatoes, what he would do without light, he laughed and said "
        "he would have to sell stones. That is why I think photosynthesis is the beginning of nearly every meal."
    ),
    (TITLE, "Vera Lind"): (
        "Deep in the sea there are animals that have never met a plant, but they live on what sinks down from above, "
        f"and that began in the light too.\n\n{CHANGED}\n\nSo a forest is not only wood: it makes air and food."
    ),
    (TITLE, "Finn Olsen"): (
        "My grandfather fishes for cod. The cod eats small fish, they eat krill, and the krill eats algae which "
        "float near the surface and need daylight. Take the light away and my grandfather's boat stays empty."
    ),
    (TITLE, "Hugo Weber"): (
        "Coal is old forest. When we burn it we let out sunshine that was caught three hundred million years ago, "
        "so even my warm radiator in January is owed to leaves."
    ),
    (TITLE, "Ines Lopes"): (
        "We sealed a snail and some waterweed in a jar. Both lived on the window sill for a month, but in the "
        "dark drawer the snail had to be rescued after two days."
    ),
    (TITLE, "Jun Tanaka"): (
        "Rice feeds half of all people. Each grain is starch which the plant made during the day out of gas from "
        "the air, and I find it strange that breakfast was once air."
    ),
    (TITLE, "Kira Novak"): (
        "Mushrooms are pale and do well in a cellar, so I first thought that they were an exception. They live on "
        "dead wood, however, and the wood was grown by a tree in the sun."
    ),
    (TITLE, "Liam Byrne"): (
        "Cows eat grass. We eat cows or drink their milk. Nobody in this chain can make sugar except the grass, "
        "so the grass is the one that works."
    ),
    (TITLE, "Mina Park"): (
        "An astronaut needs about 840 grams of oxygen a day. On the space station a machine makes it with "
        "electricity; down here the meadow behind our school does it for nothing."
    ),
    (TITLE, "Olga Petrova"): (
        "In Siberia the growing season lasts eleven weeks. In this short time the larches have to store enough to "
        "last through the winter, and the reindeer, the wolves and the people depend on it."
    ),
    (TITLE, "Priya Nair"): (
        "Bacteria near black smokers use sulphur in place of light. They are real, but they are few: if the sun "
        "went out tomorrow, nearly everything we know would starve within a year."
    ),
    (TITLE, "Quentin Moreau"): (
        "Van Helmont planted a willow in a tub and weighed the soil for five years. The tree gained 74 kilograms "
        "and the earth lost almost none, so the wood did not come from the ground."
    ),
    (TITLE, "Rosa Conti"): (
        "My aunt makes olive oil. She says that a bad summer can be tasted two years later, because an olive tree "
        "saves what its leaves have earned and spends it slowly."
    ),
    (TITLE, "Samir Aziz"): (
        "A leaf has its openings on the lower side. When it is too dry they close, no carbon dioxide gets in, and "
        "then the plant goes hungry in the brightest sunshine."
    ),
    (TITLE, "Tara Singh"): (
        "Before there were plants the sky had hardly any oxygen. Blue-green bacteria changed that, iron in the "
        "sea rusted, and much later animals like us became possible."
    ),
    (TITLE, "Umar Khan"): (
        "If I could choose one reaction to protect I would choose this one. Medicine, cotton, paper, bread and "
        "the breath I am using to read this aloud all begin with it."
    ),
    (TITLE, "Wei Chen"): (
        "We measured an aquarium plant with a probe. At noon the value rose by two milligrams per litre, at night "
        "it fell again: respiration never sleeps, photosynthesis does."
    ),
}

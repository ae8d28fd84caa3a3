"""Two essays with a passage in common, moved and with some words replaced: what teachers see of it is in the docs."""

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
}

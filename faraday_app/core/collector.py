"""Python's garbage collector, set for a process that serves.

What was loaded to serve stays until the end: hundreds of thousands of objects that the collector would look at again
and again, a tenth of a second each time in which nobody is answered.
"""

import gc

FIRST = 5_000  # objects more than before; as it is, one call in three would have it run


def spare_what_stays() -> None:
    """From here on it looks at what is made later only. Once everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(FIRST, *gc.get_threshold()[1:])

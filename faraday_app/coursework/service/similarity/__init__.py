"""How alike pieces of work are, for their teachers to look at: figures and passages, never a verdict.

By the clock ``indexing.read_waiting`` reads what was handed in and ``checking.check_waiting`` compares it. Teachers see
it through ``listing`` and ``beside``, say through ``handouts`` what does not count, and ask authors through
``reviews``, which ``hearing`` reads: nothing is recorded before all authors were heard, and nothing holds that only one
adult has said.
"""

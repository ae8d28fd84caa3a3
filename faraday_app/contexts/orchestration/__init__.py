"""Several GPTs answer one question: what comes next (plans), begun as ordinary runs (steps), to the end (conductor)."""

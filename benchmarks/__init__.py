"""What Faraday costs in time, weight and memory: `python -m benchmarks`, one file per figure."""

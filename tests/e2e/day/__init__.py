"""Two weeks at a city's counters, played in a minute: see the README.md above."""

"""How studies end: what is measured of each run, the table over all of them, and the figure.

A member computes and calls `plots` to draw; it trains nothing and writes no file.
"""

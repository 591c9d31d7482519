"""Fuzzing of everything that reads foreign bytes: targets, seeds, mutators, and a campaign that logs itself.

The targets need no fuzzer: the tests run them on kept files. Only `run` imports Atheris.
"""

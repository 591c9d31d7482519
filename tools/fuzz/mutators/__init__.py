"""Mutations that keep a file's form, so that what is behind a checksum or a brace is reached too."""

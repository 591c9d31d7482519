"""What the Makefile runs on the built package. None of it is part of the library."""

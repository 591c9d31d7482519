"""`python -m calibrant` is the program `calibrant`."""

from calibrant.cli.main import main

if __name__ == "__main__":
    main()

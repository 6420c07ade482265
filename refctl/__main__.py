"""`python -m refctl`."""

from refctl.main import main

if __name__ == "__main__":
    main()

"""`python -m mock_samanage` is `mock-samanage`."""

from mock_samanage.cli import main

if __name__ == "__main__":
    main()

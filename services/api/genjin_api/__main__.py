"""The API process: python -m genjin_api."""

from genjin_api.command_line import cli


def main() -> None:
    cli()


if __name__ == "__main__":
    main()

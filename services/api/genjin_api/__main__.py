"""The API process: python -m genjin_api."""

import gc


def main() -> None:
    """What is imported lives as long as the process: looking through it for garbage takes a fifth of the start, and
    time of every request after it.
    """
    gc.disable()
    from genjin_api.command_line import cli

    gc.freeze()
    gc.enable()
    cli()


if __name__ == "__main__":
    main()

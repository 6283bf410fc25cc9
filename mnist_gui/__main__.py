"""The program: a command without a window, or the window."""

import sys

from mnist_gui.cli.arguments import parse_arguments


def main() -> int:
    """Do what the command line says; return the exit status."""
    arguments = parse_arguments()
    if arguments.command:
        from mnist_gui.cli.commands import run_command

        return run_command(arguments)
    from mnist_gui.window import open_window

    return open_window(arguments)


if __name__ == "__main__":
    sys.exit(main())

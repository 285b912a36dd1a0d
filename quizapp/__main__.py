"""The command `quizapp`: the command line, told how to make the site that it serves."""

import sys
from wsgiref.types import WSGIApplication

from quizapp import cli
from quizapp.config import Settings


def site(settings: Settings) -> WSGIApplication:
    """Make the site, with all that it imports, only in the process that serves it."""
    from quizapp import wsgi

    return wsgi.site(settings)


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(cli.main(sys.argv[1:], site=site))


if __name__ == "__main__":
    main()

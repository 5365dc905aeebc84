"""`python -m aikg` is the same command as `aikg`."""

from __future__ import annotations

from aikg.cli import main

if __name__ == "__main__":
    main()

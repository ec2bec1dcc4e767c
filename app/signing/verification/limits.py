"""How much a file may cost that somebody gives us to verify."""

from __future__ import annotations

LARGEST_FILE = 50 * 1024 * 1024  # bytes
FILE_SECONDS = 8.0  # by the clock; with the start of the process an answer is there inside 10 s
CPU_SECONDS = 8
MEMORY_BYTES = 512 * 1024 * 1024  # address space
START_SECONDS = 20.0  # for the process to load its libraries on a busy machine

TOO_LARGE = "The file is larger than 50 MB and was not checked."
TOO_SLOW = "The check was stopped because it took too long."
STOPPED = "The check could not be finished."

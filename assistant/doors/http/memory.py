"""What a serving process tells the C library about memory."""

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD = -3  # mallopt(3)


def release_freed_memory() -> None:
    """Make glibc return every freed block of 128 KiB or more to the system; does nothing with another C library.

    By default glibc raises this threshold as blocks are freed. PyTorch's blocks differ in size and were not reused:
    memory grew by 5 MB a question.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 131_072)

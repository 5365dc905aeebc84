"""Offline for good: a process gives up the right to make sockets, by a filter of its system calls.

For a child that must open the files of a store on disk, and so cannot do without all descriptors.
Source: Linux, Documentation/userspace-api/seccomp_filter.rst; the numbers are those of the kernel.
"""

from __future__ import annotations

import platform
import struct
import sys

# By machine: the mark of its system calls (linux/audit.h), and the number of `socket`.
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
IO_URING_SETUP = 425
"""It makes sockets too, and has the same number on every machine."""
X32 = 0x40000000
"""From here on the numbers are those of another way to call on x86_64."""
SET_NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
ALLOW, KILL, EACCES = 0x7FFF0000, 0x80000000, 0x00050000 | 13
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
NUMBER, MARK = 0, 4
"""Where a filter finds the number of the call and the mark of the machine."""


def can_go_offline() -> bool:
    """Whether this system lets a process give up its sockets."""
    return sys.platform == "linux" and platform.machine() in MACHINES


def go_offline() -> None:
    """Refuse each further socket to this process and to what it starts; nothing brings it back.

    Raises OSError where the kernel does not take the filter.
    """
    import ctypes

    machine, socket = MACHINES[platform.machine()]
    steps = [
        (LOAD, 0, 0, MARK), (EQUAL, 1, 0, machine), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 2, 0, X32), (EQUAL, 1, 0, socket), (EQUAL, 0, 1, IO_URING_SETUP),
        (RETURN, 0, 0, EACCES), (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(held)))
    library = ctypes.CDLL(None, use_errno=True)
    for arguments in ((SET_NO_NEW_PRIVS, 1, 0, 0, 0),
                      (SET_SECCOMP, FILTER, ctypes.addressof(program), 0, 0)):
        if library.prctl(arguments[0], *map(ctypes.c_ulong, arguments[1:])) != 0:
            raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")

"""One contender of the verification bench, as a script: `verification_contender.py ours|plain ROOT PDF`.

For each line on standard input it verifies the file once and prints the milliseconds; at the end of
input it prints the most memory it ever had, in megabytes. It is run by its path, not as a module of
the application, so that the plain contender has pyHanko as it comes, without what we do to it.
"""

from __future__ import annotations

import io
import logging
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    contender, root, pdf = sys.argv[1], Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]).read_bytes()
    verify = {"ours": ours, "plain": plain}[contender](root, pdf)
    for _ in sys.stdin:
        start = time.perf_counter()
        verify()
        sys.stdout.write(f"{(time.perf_counter() - start) * 1000}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{peak_megabytes()}\n")


def ours(root: bytes, pdf: bytes) -> Callable[[], None]:
    """The whole verifier, long-term validation and levels included."""
    from app.signing.verification import verify_pdf

    def verify() -> None:
        assert verify_pdf(pdf, "bench", trust_roots=[], own_root=root).verdict == "green"

    return verify


def plain(root: bytes, pdf: bytes) -> Callable[[], None]:
    """pyHanko's own validation of every signature, with its difference analysis."""
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    logging.disable(logging.CRITICAL)

    def verify() -> None:
        for signature in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
            context = ValidationContext(trust_roots=[x509.Certificate.load(root)], allow_fetching=False)
            if signature.sig_object_type == "/DocTimeStamp":
                stamp = validate_pdf_timestamp(signature, context)
                assert stamp.intact
                assert stamp.trusted
            else:
                assert validate_pdf_signature(signature, context).bottom_line

    return verify


def peak_megabytes() -> float:
    """Linux remembers the most memory that getrusage names from before this program was started."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS: bytes


if __name__ == "__main__":
    main()

"""The electronic-records disclosure: what a signer accepts before signing on a screen.

Its version and digest are stored with the consent. Contents: ESIGN 15 U.S.C. 7001(c)
names what a consumer must be told; we tell it to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.digest import digest_of


@dataclass(frozen=True, slots=True)
class Disclosure:
    version: str
    language: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest_of(
            {"version": self.version, "language": self.language, "paragraphs": list(self.paragraphs)}
        )


DISCLOSURE = Disclosure(
    version="1",
    language="en",
    paragraphs=(
        "You are asked to read and sign this agreement on a screen. Your signature on the screen binds you "
        "as your signature on paper would.",
        "You may ask the sender for paper instead. It costs you nothing and brings you no disadvantage. "
        "Write to the sender, or choose \u201cDecline\u201d and say that you want paper.",
        "You need a web browser, an e-mail address that you can read, and a way to keep a PDF file.",
        "You receive the signed agreement as a PDF file and can save and print it. The sender keeps it too.",
        "Until you sign you may withdraw this consent by closing the page or by choosing "
        "\u201cDecline\u201d. After you have signed, you may ask in writing for later documents on paper; "
        "what is signed stays "
        "signed.",
        "If your e-mail address changes, tell the sender.",
        "We record when you opened, read and signed the agreement, from which address on the internet, and "
        "how we checked who you are. This record is evidence for you as well as for the sender.",
        "You may take advice from a lawyer before you sign.",
    ),
)

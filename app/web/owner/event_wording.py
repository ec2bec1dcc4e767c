"""What each audit event means, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

LOCAL_CLOCK = "local clock"
KEYS = {
    "signer_client": " Key held by the signer\u2019s browser, used once.",
    "server_one_time": " Key made by the server for this signature, then destroyed.",
    "demo_process": " Key made by the demo.",
}
EVERYBODY = "everybody whose turn it is"
FILES = {
    "draft": "the draft",
    "word": "the Word file",
    "json": "agreement.json",
    "current": "the present PDF",
    "signed": "the signed agreement",
    "certificate": "the certificate of completion",
    "record": "the record",
}

CHANNELS = {
    "email": "a code to the mailbox of the link",
    "second_email": "a code to a second e-mail address",
    "access_code": "an access code told by phone",
}

# Event name -> kind and icon of its dot, and the sentence: {who} did it, {whom} it was about.
EVENTS: Mapping[str, tuple[str, str, str]] = {
    "agreement.drafted": ("idle", "pencil", "{who} began the draft."),
    "agreement.edited": ("idle", "pencil", "{who} changed the draft."),
    "agreement.review_requested": ("law", "glasses", "{who} asked a lawyer to review it."),
    "agreement.review_withdrawn": ("law", "glasses", "{who} withdrew the request for review."),
    "agreement.approved": ("law", "glasses", "{who} approved the whole text."),
    "agreement.sent_back": ("law", "glasses", "{who} sent the text back."),
    "agreement.review_overridden": (
        "stop",
        "warning",
        "{who} decided to send it without a lawyer\u2019s review.",
    ),
    "agreement.gap_accepted": ("you", "warning", "{who} accepted that {code} has no clause."),
    "agreement.details_requested": ("other", "question", "{who} asked the other party for details."),
    "agreement.details_given": ("other", "question", "{who} gave the details asked for."),
    "agreement.sent": ("other", "plane", "Sent by {who}. Pages frozen and certified by the seal."),
    "agreement.returned_to_draft": ("idle", "pencil", "It is a draft again. Nothing of the text was lost."),
    "agreement.signed": ("done", "signature", "Everybody has signed."),
    "agreement.sealed": ("done", "shield", "It was sealed, level {level}. Timestamp: {authority}."),
    "completion.certified": ("done", "document", "The certificate of completion was made and sealed."),
    "agreement.timestamp_renewed": (
        "done",
        "shield",
        "A newer timestamp was put over {file}, before the one in it could age.",
    ),
    "credential.revoked": ("stop", "key", "{whom}\u2019s one-time certificate was revoked."),
    "agreement.ended": ("idle", "slash", "{who} ended it."),
    "agreement.discarded": ("idle", "trash", "{who} discarded the draft."),
    "agreement.downloaded": ("idle", "download", "{who} downloaded {file}."),
    "envelope.opened": ("other", "plane", "The envelope was opened for {signers} signers."),
    "envelope.viewed": ("other", "eye", "{who} read it."),
    "envelope.declined": ("stop", "cross-circle", "{who} declined. Nobody can sign it any more."),
    "envelope.expired": ("idle", "calendar", "The time for signing ran out."),
    "envelope.voided": ("idle", "slash", "{who} voided it."),
    "envelope.change_requested": ("you", "speech", "{who} asked for a change. Signing is paused."),
    "envelope.resumed": ("other", "speech", "{who} answered. Signing goes on."),
    "envelope.reminded": ("other", "bell", "{who} reminded {reminded}."),
    "envelope.reminders_stopped": ("idle", "bell", "{who} stopped the planned reminders."),
    "envelope.completed": ("done", "tick", "The last signature is in the file."),
    "envelope.signer_proposed": (
        "you",
        "person",
        "Whoever opened the link says that somebody else is meant than {whom}.",
    ),
    "signer.invited": ("other", "mail", "{whom} was asked to sign."),
    "signer.in_person_started": ("other", "people", "{who} handed this device to {whom}."),
    "signer.address_corrected": (
        "you",
        "mail",
        "{who} corrected the address of {whom}. Earlier links stopped working.",
    ),
    "agreement.address_corrected": ("idle", "mail", "The address of {whom} was corrected in the answers."),
    "signer.mail_handed_over": ("idle", "mail", "Mail to {whom} was handed over{trial}{tries}."),
    "signer.mail_failed": ("you", "mail", "Mail to {whom} could not be handed over{tries}. {again}"),
    "signer.channel_chosen": ("other", "key", "{who} chose how {whom} is identified: {channel}."),
    "signer.access_code_made": ("other", "key", "{who} made an access code for {whom}."),
    "signer.identified": ("other", "key", "{whom} was identified: {checks}."),
    "signer.identification_failed": ("stop", "key", "A wrong code was entered for {whom}."),
    "signer.declined": ("stop", "cross-circle", "{whom} declined to sign."),
    "signer.replaced": ("you", "person", "{whom} was replaced."),
    "clause.initialled": ("done", "tick", "{whom} initialled a clause."),
    "consent.given": (
        "other",
        "document",
        "{whom} agreed to sign electronically, text version {text_version}.",
    ),
    "credential.issued": ("idle", "key", "A one-time certificate was issued to {whom}."),
    "signature.applied": ("done", "signature", "{whom} signed{initialled}.{key}"),
    "message.handed_over": ("idle", "mail", "A message was handed over{trial}{tries}."),
    "message.delayed": ("you", "mail", "A message could not be handed over{tries}. {again}"),
    "message.withdrawn": (
        "idle",
        "mail",
        "A mail that waited was not sent: its link would have been out of date.",
    ),
}
# Left out until they are asked for: views, downloads, and the many steps of a draft.
QUIET = frozenset(
    {
        "envelope.viewed",
        "agreement.downloaded",
        "agreement.edited",
        "agreement.address_corrected",
        "message.handed_over",
    }
)
# Personal values that are somebody's own words, shown below the sentence.
WORDS = ("text", "answer", "reason", "comment", "before", "after")


def tell_event(name: str, details: Mapping[str, object], who: str, whom: str) -> tuple[str, str, str]:
    """Kind, icon and sentence of an event; one without a sentence of its own is told by its name."""
    known = EVENTS.get(name)
    if known is None:
        words = name.replace(".", " ").replace("_", " ")
        return ("idle", "info", f"{who}: {words}.")
    kind, icon, sentence = known
    reminded = f"{whom}{', as planned' if details.get('planned') else ''}" if whom else EVERYBODY
    values = _values(details) | {"who": who, "whom": whom or who, "reminded": reminded}
    return (kind, icon, sentence.format_map(values))


def _values(details: Mapping[str, object]) -> dict[str, str]:
    """What the sentences name. Details that an event does not have are left empty."""
    plain = ("code", "level", "signers", "checks", "text_version")
    said = {name: str(details.get(name, "")) for name in plain}
    authority = str(details.get("timestamp_authority", "")) or "none"
    count = len(str(details.get("initialled", "")).split())
    tries = str(details.get("tries", 1))
    return said | {
        "authority": "local clock, not independent" if authority == LOCAL_CLOCK else authority,
        "file": FILES.get(str(details.get("kind")), "a file"),
        "channel": CHANNELS.get(str(details.get("channel")), ""),
        "key": KEYS.get(str(details.get("key_held_by")), ""),
        "initialled": f" and initialled {count} {'clause' if count == 1 else 'clauses'}" if count else "",
        "tries": f" (try {tries})" if tries != "1" else "",
        "again": "It is given up." if details.get("state") == "failed" else "It will be tried again.",
        "trial": " to the outbox folder on this computer (trial)" if details.get("trial") else "",
    }

"""What is printed in words: the fields of a certificate as text, and the labels round them."""

from __future__ import annotations

import re
from typing import Annotated

from generator.model.certificate import Statement
from generator.model.value import Day, Field, Text, Value, VerificationCode

# What a line may quote in braces, beside `words.NAME`.
FIELDS = frozenset(
    [
        "issuer",
        "label",
        "replacement",
        "learner",
        "title",
        "programme_code",
        "programme_version",
        "level",
        "regulated_number",
        "size",
        "grade",
        "score",
        "hours",
        "sponsor",
        "instructor",
        "centre",
        "centre_number",
        "accreditation_body",
        "accreditation_number",
        "accreditation_statement",
        "completed_on",
        "issued_on",
        "expires_on",
        "serial",
        "number",
        "domain",
        "key_phrase",
    ]
)
# Fields that differ between two certificates of one programme; everything else is laid out once.
VARYING = frozenset(
    ["learner", "grade", "score", "completed_on", "issued_on", "expires_on", "serial", "number"]
)

_MONTHS = "January February March April May June July August September October November December"


class Wording(Value):
    """Every word that is printed and is not the certificate's own; English is the default."""

    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)] = tuple(_MONTHS.split())
    date: Text = "{day} {month} {year}"
    serial: Text = "Certificate number"
    number: Text = "Verification number"
    grade: Text = "Grade"
    level: Text = "Level"
    completed_on: Text = "Completed"
    issued_on: Text = "Issued"
    expires_on: Text = "Expires"
    regulated_number: Text = "Qualification number"
    size: Text = "Size"
    score: Text = "Score"
    hours: Text = "CPD hours"
    sponsor: Text = "Sponsored by"
    instructor: Text = "Instructor"
    centre: Text = "Centre"
    centre_number: Text = "Centre number"
    accreditation_body: Text = "Accredited by"
    accreditation_number: Text = "Accreditation number"
    accreditation_statement: Text = "Accreditation"
    key_phrase: Text = "Key phrase"
    domain: Text = "Verify at"
    programme_code: Text = "Programme code"
    programme_version: Text = "Version"
    unit: Text = "Unit"
    unit_title: Text = "Unit title"
    unit_grade: Text = "Unit grade"
    module: Text = "Module"
    module_title: Text = "Module title"
    module_grade: Text = "Module grade"
    replacement: Text = "Replacement certificate"
    certifies: Text = "This is to certify that"
    awarded: Text = "has been awarded"
    units_of: Text = "has achieved the units named below, towards"
    completed: Text = "has completed"
    units_heading: Text = "Units achieved"
    modules_heading: Text = "Modules completed"
    verify: Text = "How to verify: scan the code, or enter the verification number at {domain}."
    phrase: Text = "The page must show these words: {key_phrase}."
    sample: Text = "SAMPLE"
    sample_note: Text = "Sample of a fictional organisation. Not a qualification."
    signature_of: Text = "Signature of {name}"
    qr_alt: Text = "QR code that opens this certificate's record at {domain}"


_GROUPED = re.compile(r"(.{4})(.{5})(.{5})(.{5})(.{5})")


def grouped(number: VerificationCode) -> str:
    """The verification number as printed: `2026-XXXXX-XXXXX-XXXXX-XXXXX`."""
    return _GROUPED.sub(r"\1-\2-\3-\4-\5", number)


def printed_day(day: Day, words: Wording) -> str:
    """An ISO day as these words write it, such as `26 June 2026`."""
    year, month, number = day.split("-")
    return words.date.format(day=int(number), month=words.months[int(month) - 1], year=year)


def printed_fields(statement: Statement, words: Wording, domain: str, key_phrase: str) -> dict[str, str]:
    """Every field of FIELDS that this certificate has, as it is printed."""
    programme, centre, body = statement.programme, statement.centre, statement.accreditation
    found: dict[str, str | None] = {
        "issuer": statement.issuer,
        "label": statement.label,
        "replacement": words.replacement if statement.replacement else None,
        "learner": statement.learner.name,
        "title": programme.title,
        "programme_code": programme.code,
        "programme_version": programme.version,
        "level": programme.level,
        "regulated_number": programme.number,
        "size": programme.size,
        "grade": statement.grade,
        "score": statement.score,
        "hours": None if statement.hours is None else str(statement.hours),
        "sponsor": statement.sponsor,
        "instructor": statement.instructor,
        "centre": centre.name if centre else None,
        "centre_number": centre.number if centre else None,
        "accreditation_body": body.body if body else None,
        "accreditation_number": body.number if body else None,
        "accreditation_statement": body.statement if body else None,
        "completed_on": printed_day(statement.completed_on, words),
        "issued_on": printed_day(statement.issued_on, words),
        "expires_on": printed_day(statement.expires_on, words) if statement.expires_on else None,
        "serial": statement.serial,
        "number": grouped(statement.number),
        "domain": domain,
        "key_phrase": key_phrase,
    }
    return {name: value for name, value in found.items() if value is not None}

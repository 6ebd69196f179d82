"""Every code of a problem that render raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

MAIL_TEMPLATE = Code(
    "MAIL-TEMPLATE",
    "administrator",
    "The templates of the letters are not there, or cannot be filled in.",
    "Copy them from the installed certportal, or correct them in site_src/mail.",
)
PRINT_GLYPH = Code(
    "PRINT-GLYPH",
    "programme_leader",
    "No font of the template has a character that is to be printed.",
    "Put the named font into the template, or take the character out.",
)
PRINT_LANGUAGE = Code(
    "PRINT-LANGUAGE",
    "programme_leader",
    "The template has no words in the language of the certificate.",
    "Add the language to the wording of the template.",
)
PRINT_ROOM = Code(
    "PRINT-ROOM",
    "programme_leader",
    "A text does not fit where the template wants it.",
    "Give it more space in the template, or shorten it.",
)
SEAL_EXPIRED = Code(
    "SEAL-EXPIRED",
    "administrator",
    "The certificate of the seal has run out.",
    "Get a new one, and name it in portal.yaml.",
)
SEAL_FILE = Code(
    "SEAL-FILE",
    "administrator",
    "The file of the seal cannot be opened, or lacks its key or certificate.",
    "Check the passphrase; export certificate and private key together.",
)
SEAL_KEY = Code(
    "SEAL-KEY",
    "administrator",
    "The key of the seal is not of the curve P-256.",
    "Ask the issuer for a document-signing certificate with such a key.",
)
TEMPLATE_BOX = Code(
    "TEMPLATE-BOX",
    "administrator",
    "A region reaches over the edge of the page.",
    "Give its box within the page.",
)
TEMPLATE_BRACES = Code(
    "TEMPLATE-BRACES",
    "administrator",
    "Braces in a text of the template do not close, or name nothing.",
    "Write `{name}`; for a brace itself write it twice.",
)
TEMPLATE_CONTRAST = Code(
    "TEMPLATE-CONTRAST",
    "administrator",
    "Text in one of the colours can hardly be read on the paper.",
    "Take a darker colour.",
)
TEMPLATE_FIELD = Code(
    "TEMPLATE-FIELD",
    "administrator",
    "The template names a field that does not exist.",
    "Write one of the fields of docs/templates.md.",
)
TEMPLATE_FILE = Code(
    "TEMPLATE-FILE",
    "administrator",
    "A file of the template is missing, or is one that the template does not use.",
    "Add it, or name it in template.yaml.",
)
TEMPLATE_FONT = Code(
    "TEMPLATE-FONT",
    "administrator",
    "A font of the template cannot be used.",
    "Give a TrueType file that may be embedded.",
)
TEMPLATE_INCOMPLETE = Code(
    "TEMPLATE-INCOMPLETE",
    "administrator",
    "The template leaves out what every certificate must show.",
    "Give it a place.",
)
TEMPLATE_ITEM = Code(
    "TEMPLATE-ITEM",
    "administrator",
    "An item of the layout says not exactly one thing that it shows.",
    "Say exactly one.",
)
TEMPLATE_OVERLAP = Code(
    "TEMPLATE-OVERLAP",
    "administrator",
    "Two regions of the layout overlap.",
    "Move or shrink one of the two.",
)
TEMPLATE_PICTURE = Code(
    "TEMPLATE-PICTURE",
    "administrator",
    "A picture of the template cannot be used.",
    "Give a plain SVG, PNG or JPEG.",
)
TEMPLATE_VALUE = Code(
    "TEMPLATE-VALUE",
    "administrator",
    "A value in template.yaml is not one that is allowed there.",
    "Correct it; docs/templates.md explains each.",
)
TEMPLATE_WORDS = Code(
    "TEMPLATE-WORDS",
    "administrator",
    "The wording of the template is not complete in a language.",
    "Add what is missing.",
)

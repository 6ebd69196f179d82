"""Every code of a problem that render raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

MAIL_TEMPLATE = Code("MAIL-TEMPLATE", "administrator", "")
PRINT_GLYPH = Code("PRINT-GLYPH", "programme_leader", "")
PRINT_LANGUAGE = Code("PRINT-LANGUAGE", "programme_leader", "")
PRINT_ROOM = Code("PRINT-ROOM", "programme_leader", "")
SEAL_EXPIRED = Code("SEAL-EXPIRED", "administrator", "")
SEAL_FILE = Code("SEAL-FILE", "administrator", "")
SEAL_KEY = Code("SEAL-KEY", "administrator", "")
TEMPLATE_FILE = Code("TEMPLATE-FILE", "administrator", "")
TEMPLATE_FONT = Code("TEMPLATE-FONT", "administrator", "")
TEMPLATE_VALUE = Code("TEMPLATE-VALUE", "administrator", "")

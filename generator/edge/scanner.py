"""Reading a QR code from a picture, as a phone does: the adapter for zxing-cpp, which is optional.

It comes with `pip install certportal[roundtrip]`; nothing but the round trip before a deployment needs it.
"""

from __future__ import annotations

from typing import Any

from generator.edge.pdf_reader import GreyImage


def available() -> bool:
    """Whether the decoder is installed."""
    return _decoder() is not None


def read(picture: GreyImage) -> list[str]:
    """The text of every QR code in a picture."""
    decoder = _decoder()
    if decoder is None:
        raise RuntimeError("asked to read a code without a decoder")
    dots = memoryview(picture.dots).cast("B", shape=[picture.height, picture.width])
    found = decoder.read_barcodes(dots, formats=decoder.BarcodeFormat.QRCode)
    return [str(item.text) for item in found]


def _decoder() -> Any:
    try:
        import zxingcpp
    except ImportError:
        return None
    return zxingcpp

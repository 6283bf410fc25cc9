"""What the layers of a network are called that have weights."""

from PySide6.QtCore import QCoreApplication


def layer_name(weights: str) -> str:
    """Return what the layer with these weights is called, such as "convolution_1"."""
    kind, _, place = weights.partition("_")
    texts = {
        "convolution": QCoreApplication.translate("layers", "Convolution {place}"),
        "normalization": QCoreApplication.translate("layers", "Normalization {place}"),
        "hidden": QCoreApplication.translate("layers", "Hidden layer"),
        "output": QCoreApplication.translate("layers", "Output layer"),
    }
    return texts[kind].format(place=place)

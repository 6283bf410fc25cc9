"""What is said of an imported network: how it wants its images, and how many it reads right."""

from mnist_gui.engine.exchange.images import Convention, Numbers
from mnist_gui.engine.exchange.recognition import Recognized
from mnist_gui.words.language import in_sequence, tr
from mnist_gui.words.numbers import percent


def report(found: Recognized) -> str:
    """Say in sentences what an imported network reads, and what was changed in it."""
    text = tr("It reads {accuracy} of {count} validation images of {data} right.")
    accuracy = text.format(
        accuracy=percent(found.accuracy, 1), count=f"{found.images:,}", data=found.data
    )
    return in_sequence(
        [accuracy, _change(found), _activation(found), _ending(found), warning(found)]
    )


def warning(found: Recognized) -> str:
    """Say what may be wrong with a network that reads few images right; "" if nothing is."""
    if not found.is_doubtful:
        return ""
    return tr(
        "That is few: it may have been trained for a short time, for other images, "
        "or with other layers."
    )


def convention_name(convention: Convention) -> str:
    """Say what images a network was trained on; "" for images as they are here."""
    names = {
        Numbers.AS_IS: "",
        Numbers.INVERTED: tr("inverted images (dark ink on white)"),
        Numbers.STANDARDISED: tr("standardised images (by MNIST's mean and deviation)"),
        Numbers.SIGNED: tr("images of numbers from -1 to 1"),
        Numbers.BYTES: tr("images of numbers from 0 to 255"),
    }
    name = names[convention.numbers]
    if not convention.is_transposed:
        return name
    return tr("{images}, transposed").format(images=name) if name else tr("transposed images")


def choice_name(convention: Convention) -> str:
    """Say what images a network may have been trained on, to choose among."""
    return convention_name(convention) or tr("images as they are here (0 is paper, 1 is ink)")


def _activation(found: Recognized) -> str:
    """Say that it was found to have another activation than ReLU."""
    if not found.activation:
        return ""
    text = tr(
        "Its file does not name its activations. {activation} is used: "
        "with ReLU it would read {accuracy} right."
    )
    return text.format(activation=found.activation, accuracy=percent(found.with_relu, 1))


def _ending(found: Recognized) -> str:
    """Say that percentages differ from those of its own program."""
    if not found.ended_in_sigmoids:
        return ""
    return tr(
        "It ends in sigmoids, each from 0 to 1 on its own. Here softmax makes probabilities of its "
        "ten numbers: the percentages differ from those of its own program, the digits do not."
    )


def _change(found: Recognized) -> str:
    """Say how it was changed so that it reads our images."""
    images = convention_name(found.convention)
    if not images:
        return ""
    text = tr(
        "It was trained on {images}; its weights were changed so that it reads ours as it read "
        "those, without the change it would be {accuracy}."
    )
    return text.format(images=images, accuracy=percent(found.as_read, 1))

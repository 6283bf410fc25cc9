"""What changes of images are called, and what came of them, in sentences."""

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.distortions import Distortion
from mnist_gui.engine.inside.robustness import Robustness, Trial
from mnist_gui.gui.common.labels import number, percent


def change_title(distortion: Distortion | None) -> str:
    """Return what a distortion is called; for None, what MNIST-C is."""
    if distortion is None:
        return QCoreApplication.translate("robustness", "MNIST-C: fifteen corruptions")
    titles = {
        Distortion.ROTATION: QCoreApplication.translate("robustness", "Rotation"),
        Distortion.SHIFT: QCoreApplication.translate("robustness", "Shift"),
        Distortion.SCALE: QCoreApplication.translate("robustness", "Size"),
        Distortion.SHEAR: QCoreApplication.translate("robustness", "Slant"),
        Distortion.THICKNESS: QCoreApplication.translate("robustness", "Thickness"),
        Distortion.BLUR: QCoreApplication.translate("robustness", "Blur"),
        Distortion.NOISE: QCoreApplication.translate("robustness", "Noise"),
        Distortion.OCCLUSION: QCoreApplication.translate("robustness", "Covered part"),
        Distortion.CONTRAST: QCoreApplication.translate("robustness", "Contrast"),
    }
    return titles[distortion]


def axis_title(distortion: Distortion) -> str:
    """Say what the strengths of a distortion count, and which one changes nothing."""
    titles = {
        Distortion.ROTATION: QCoreApplication.translate(
            "robustness", "Degrees clockwise (0: unchanged)"
        ),
        Distortion.SHIFT: QCoreApplication.translate(
            "robustness", "Pixels to the right (0: unchanged)"
        ),
        Distortion.SCALE: QCoreApplication.translate(
            "robustness", "Percent of the size (100: unchanged)"
        ),
        Distortion.SHEAR: QCoreApplication.translate(
            "robustness", "Degrees to the right (0: unchanged)"
        ),
        Distortion.THICKNESS: QCoreApplication.translate(
            "robustness", "Pixels that lines are wider (0: unchanged)"
        ),
        Distortion.BLUR: QCoreApplication.translate(
            "robustness", "Standard deviation in pixels (0: unchanged)"
        ),
        Distortion.NOISE: QCoreApplication.translate(
            "robustness", "Standard deviation in % of full ink (0: unchanged)"
        ),
        Distortion.OCCLUSION: QCoreApplication.translate(
            "robustness", "Side of the covered square in pixels (0: none)"
        ),
        Distortion.CONTRAST: QCoreApplication.translate(
            "robustness", "Percent of the contrast (100: unchanged, below 0: inverted)"
        ),
    }
    return titles[distortion]


def strength_text(trial: Trial) -> str:
    """Return a strength as it stands at an axis."""
    return number(trial.strength, _decimals(trial.strength)).replace("-", "\u2212")


def _decimals(strength: float) -> int:
    """Return with how many decimals a strength in quarters is written."""
    return 0 if strength % 1 == 0 else 1 if strength % 0.5 == 0 else 2


def change_text(trial: Trial) -> str:
    """Say how images are changed in a trial."""
    if not trial.changes:
        return QCoreApplication.translate("robustness", "Unchanged")
    if trial.distortion is None:
        return corruption_title(trial.corruption)
    strength = abs(trial.strength)
    return _change(trial).format(strength=number(strength, _decimals(strength)))


def _change(trial: Trial) -> str:
    """Return the sentence for less (False) or more (True) than 0 of a distortion."""
    at_size = QCoreApplication.translate("robustness", "At {strength} % of its size")
    blurred = QCoreApplication.translate("robustness", "Blurred by {strength} px")
    noisy = QCoreApplication.translate("robustness", "With noise of {strength} %")
    covered = QCoreApplication.translate("robustness", "A square of {strength} px covered")
    inverted = QCoreApplication.translate("robustness", "Inverted, at {strength} % of the contrast")
    texts = {
        (Distortion.ROTATION, False): QCoreApplication.translate(
            "robustness", "Turned anticlockwise by {strength}\u00b0"
        ),
        (Distortion.ROTATION, True): QCoreApplication.translate(
            "robustness", "Turned clockwise by {strength}\u00b0"
        ),
        (Distortion.SHIFT, False): QCoreApplication.translate(
            "robustness", "Shifted to the left by {strength} px"
        ),
        (Distortion.SHIFT, True): QCoreApplication.translate(
            "robustness", "Shifted to the right by {strength} px"
        ),
        (Distortion.SCALE, True): at_size,
        (Distortion.SHEAR, False): QCoreApplication.translate(
            "robustness", "Slanted to the left by {strength}\u00b0"
        ),
        (Distortion.SHEAR, True): QCoreApplication.translate(
            "robustness", "Slanted to the right by {strength}\u00b0"
        ),
        (Distortion.THICKNESS, False): QCoreApplication.translate(
            "robustness", "Lines {strength} px thinner"
        ),
        (Distortion.THICKNESS, True): QCoreApplication.translate(
            "robustness", "Lines {strength} px wider"
        ),
        (Distortion.BLUR, True): blurred,
        (Distortion.NOISE, True): noisy,
        (Distortion.OCCLUSION, True): covered,
        (Distortion.CONTRAST, False): inverted,
        (Distortion.CONTRAST, True): QCoreApplication.translate(
            "robustness", "At {strength} % of the contrast"
        ),
    }
    assert trial.distortion is not None
    return texts[trial.distortion, trial.strength > 0]


def corruption_title(name: str) -> str:
    """Return what a corruption of MNIST-C is called."""
    titles = {
        "shot noise": QCoreApplication.translate("robustness", "Shot noise"),
        "impulse noise": QCoreApplication.translate("robustness", "Impulse noise"),
        "glass blur": QCoreApplication.translate("robustness", "Glass blur"),
        "motion blur": QCoreApplication.translate("robustness", "Motion blur"),
        "shear": QCoreApplication.translate("robustness", "Shear"),
        "scale": QCoreApplication.translate("robustness", "Scale"),
        "rotate": QCoreApplication.translate("robustness", "Rotate"),
        "brightness": QCoreApplication.translate("robustness", "Brightness"),
        "translate": QCoreApplication.translate("robustness", "Translate"),
        "stripe": QCoreApplication.translate("robustness", "Stripe"),
        "fog": QCoreApplication.translate("robustness", "Fog"),
        "spatter": QCoreApplication.translate("robustness", "Spatter"),
        "dotted line": QCoreApplication.translate("robustness", "Dotted line"),
        "zigzag": QCoreApplication.translate("robustness", "Zigzag"),
        "canny edges": QCoreApplication.translate("robustness", "Canny edges"),
    }
    return titles[name]


def purpose(distortion: Distortion | None) -> str:
    """Say what one sees and what to look for."""
    if distortion is None:
        return QCoreApplication.translate(
            "robustness",
            "Each bar says how many test images a network still reads when they are spoiled in one "
            "of fifteen ways (Mu and Gilmer, 2019). Look for the short bars. Your digit is spoiled "
            "in the same way; a filled number is another reading than without that.",
        )
    return QCoreApplication.translate(
        "robustness",
        "Each curve says how many test images a network still reads when they are changed more and "
        "more. Look for where it falls. Your digit is changed in the same way; a filled number is "
        "another reading than without the change.",
    )


def finding(answer: Robustness, network: str) -> str:
    """Say what spoils the reading of the first network, which has this name; "" until known."""
    if not answer.is_whole:
        return ""
    right = answer.accuracies[0]
    clean = percent(float(right[answer.unchanged]))
    point = answer.breaking_point(0)
    if not answer.trials[-1].distortion:
        text = QCoreApplication.translate(
            "robustness",
            "{network} reads {mean} of the spoiled images right, {clean} of the unchanged ones. "
            "Worst for it: {change}, {share}.",
        )
    elif point is not None:
        text = QCoreApplication.translate(
            "robustness",
            "{change}: {network} reads more than half of the images wrong. It reads {share} right, "
            "unchanged {clean}.",
        )
    else:
        text = QCoreApplication.translate(
            "robustness",
            "Worst here: {change}. {network} still reads {share} of the images right, unchanged "
            "{clean}.",
        )
    place = notable(answer)
    mean = percent(float(right[[trial.changes for trial in answer.trials]].mean()))
    share, change = percent(float(right[place])), change_text(answer.trials[place])
    return text.format(network=network, share=share, clean=clean, change=change, mean=mean)


def notable(answer: Robustness) -> int:
    """Return the trial that the sentence is about, or the unchanged one until that is known."""
    if not answer.is_whole:
        return answer.unchanged
    point = answer.breaking_point(0) if answer.trials[-1].distortion else None
    return int(answer.accuracies[0].argmin()) if point is None else point

"""What is said of lists of images, and of the images in them."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from mnist_gui.engine.inside.image_lists import ReadImages, Split
from mnist_gui.gui.common.labels import count, number, percent, reading_arrow

_MOST_TIMES = 1_000_000


class ImageList(Enum):
    """The lists that the page offers, in their order; the value names their files."""

    HARDEST_TEST = "hardest-test"
    HARDEST_VALIDATION = "hardest-validation"
    WRONG_LABELS = "label-errors"
    DISAGREEMENTS = "disagreements"
    NEVER_LEARNT = "never-learnt"
    LAST_LEARNT = "last-learnt"
    MOST_FORGOTTEN = "most-forgotten"

    @property
    def is_of_learning(self) -> bool:
        """Whether it needs the networks that a run has kept."""
        return self in (self.NEVER_LEARNT, self.LAST_LEARNT, self.MOST_FORGOTTEN)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list of images: what was read, in which order it is shown, and what the networks are
    called. `likely_wrong` is how many labels are likely wrong, by confident learning.
    """

    kind: ImageList
    read: ReadImages
    order: NDArray[np.int64]
    network: str = ""
    second: str = ""
    likely_wrong: int = 0


class ListText(QObject):
    """Names the lists, and says what to look for in them and in their images."""

    def title(self, kind: ImageList) -> str:
        """Return what a list is called."""
        titles = {
            ImageList.HARDEST_TEST: self.tr("Hardest test images"),
            ImageList.HARDEST_VALIDATION: self.tr("Hardest validation images"),
            ImageList.WRONG_LABELS: self.tr("Likely wrong labels"),
            ImageList.DISAGREEMENTS: self.tr("Two networks disagree"),
            ImageList.NEVER_LEARNT: self.tr("Never learned"),
            ImageList.LAST_LEARNT: self.tr("Learned last"),
            ImageList.MOST_FORGOTTEN: self.tr("Most often forgotten"),
        }
        return titles[kind]

    def purpose(self, kind: ImageList) -> str:
        """Say what one sees in a list, and what to look for."""
        match kind:
            case ImageList.HARDEST_TEST | ImageList.HARDEST_VALIDATION:
                return self.tr(
                    "First come the images whose label gets the least probability: there the loss "
                    "is largest. Look for what makes each one hard: a missing stroke, a slant, or "
                    "a wrong label."
                )
            case ImageList.WRONG_LABELS:
                return self.tr(
                    "Here each training image is read by networks that have not learned from it. "
                    "Where they are sure of another digit, the label may be wrong: look at the "
                    "image and judge."
                )
            case ImageList.DISAGREEMENTS:
                return self.tr(
                    "Test images in which the two networks read different digits; first come those "
                    "where both are sure. Look at which of them is right, and why the other is not."
                )
            case ImageList.NEVER_LEARNT:
                return self.tr(
                    "Training images that were read wrong at every kept step of the run. Look for "
                    "wrong labels, and for shapes that are like no others."
                )
            case ImageList.LAST_LEARNT:
                return self.tr(
                    "Training images by the kept step at which they were first read right, the "
                    "last ones first. What is learned last is rare, or looks like another digit."
                )
            case ImageList.MOST_FORGOTTEN:
                return self.tr(
                    "Training images that were read right at one kept step and wrong at the next, "
                    "most often first. They lie where two digits look alike."
                )

    def nothing(self, listing: Listing) -> str:
        """Say that there are no images in a list."""
        images = count(len(listing.read))
        match listing.kind:
            case ImageList.DISAGREEMENTS:
                text = self.tr("The two networks read the same digit in all {images} images.")
            case ImageList.WRONG_LABELS:
                text = self.tr("In all {images} images the label is what was read.")
            case ImageList.NEVER_LEARNT:
                text = self.tr("Each of the {images} images was read right at some kept step.")
            case ImageList.LAST_LEARNT:
                text = self.tr("None of the {images} images was read right at any kept step.")
            case _:
                text = self.tr("None of the {images} images was forgotten between kept steps.")
        return text.format(images=images)

    def summary(self, listing: Listing) -> str:
        """Say how many images are in a list, of how many."""
        listed, images = count(len(listing.order)), count(len(listing.read))
        match listing.kind:
            case ImageList.WRONG_LABELS:
                text = self.tr(
                    "{listed} of {images} labels are not what was read; by confident learning "
                    "{likely} are likely wrong."
                )
            case ImageList.DISAGREEMENTS:
                text = self.tr("They disagree on {listed} of {images} images.")
            case ImageList.HARDEST_TEST | ImageList.HARDEST_VALIDATION:
                wrong = count(int(np.count_nonzero(listing.read.read != listing.read.labels)))
                text = self.tr("{wrong} of {images} images are read wrong.")
                return text.format(wrong=wrong, images=images)
            case _:
                text = self.tr(
                    "{listed} of {images} training images, at {steps} kept steps. Between kept "
                    "steps nothing is known."
                )
                steps = 0 if listing.read.learning is None else len(listing.read.learning.steps)
                return text.format(listed=listed, images=images, steps=count(steps))
        return text.format(listed=listed, images=images, likely=count(listing.likely_wrong))

    # --- one image -----------------------------------------------------------------------------

    def name(self, read: ReadImages, at: int) -> str:
        """Return what an image is called: by its number in its file."""
        of_test = read.split is Split.TEST
        text = self.tr("Test image {number}") if of_test else self.tr("Training image {number}")
        return text.format(number=count(int(read.numbers[at])))

    def heading(self, read: ReadImages, at: int) -> str:
        """Name an image, its label, and what was read."""
        text = self.tr("{image}: label {label}, read as {read}")
        facts = {"label": int(read.labels[at]), "read": int(read.read[at])}
        return text.format(image=self.name(read, at), **facts)

    def lines(self, listing: Listing, at: int) -> list[str]:
        """Return what stands beneath an image."""
        read, digit = listing.read, int(listing.read.read[at])
        first = f"{read.labels[at]} {reading_arrow()} {digit}"
        second = percent(float(read.probabilities[at, digit]))
        if read.second is not None:
            other = int(read.second_read[at])
            first = f"{first} | {other}"
            second = f"{second} | {percent(float(read.second[at, other]))}"
        lines = [first, second, self.loss(float(read.losses[at]))]
        if read.learning is not None:
            lines.append(self._learnt_shortly(listing, at))
        return lines

    def loss(self, value: float) -> str:
        """Write a loss beneath an image."""
        return self.tr("loss {loss}").format(loss=number(value, 2))

    def _learnt_shortly(self, listing: Listing, at: int) -> str:
        assert listing.read.learning is not None
        if listing.kind is ImageList.MOST_FORGOTTEN:
            times = int(listing.read.learning.forgotten[at])
            return self.tr("{times} \u00d7").format(times=count(times))
        step = int(listing.read.learning.first[at])
        return self.tr("never") if step < 0 else self.tr("step {step}").format(step=count(step))

    def spoken(self, listing: Listing, at: int) -> str:
        """Say all that is written beneath an image, for who does not see it."""
        read = listing.read
        share = percent(float(read.probabilities[at, read.read[at]]))
        text = self.tr("{heading} with {share}, {loss}")
        loss = self.loss(float(read.losses[at]))
        return text.format(heading=self.heading(read, at), share=share, loss=loss)

    def why_listed(self, listing: Listing, place: int) -> str:
        """Say why an image is where it is in a list; its place counts from 0."""
        read, at = listing.read, int(listing.order[place])
        facts = {
            "rank": count(place + 1),
            "total": count(len(listing.order)),
            "label": int(read.labels[at]),
            "own": percent(float(read.of_label[at]), 2),
            "loss": number(float(read.losses[at]), 2),
        }
        match listing.kind:
            case ImageList.DISAGREEMENTS:
                return self._who_is_right(listing, at)
            case ImageList.WRONG_LABELS:
                text = self.tr(
                    "It is number {rank} of {total}: networks that have not learned from this "
                    "image give its label {label} only {own}."
                )
            case ImageList.HARDEST_TEST | ImageList.HARDEST_VALIDATION:
                text = self.tr(
                    "It is number {rank} of {total} by its loss, {loss}: the less probable the "
                    "label, the larger the loss."
                )
            case _:
                return self._learnt(listing, at)
        return text.format(**facts)

    def _learnt(self, listing: Listing, at: int) -> str:
        learning = listing.read.learning
        assert learning is not None
        first, times = int(learning.first[at]), int(learning.forgotten[at])
        facts = {"step": count(first), "times": count(times), "last": count(learning.steps[-1])}
        if first < 0:
            text = self.tr("It was read wrong at every kept step up to {last}.")
        elif not times:
            text = self.tr(
                "It was first read right at the kept step {step}, and at each later one."
            )
        else:
            text = self.tr(
                "It was first read right at the kept step {step}. How often it was then right at "
                "one kept step and wrong at the next: {times}."
            )
        return text.format(**facts)

    def _who_is_right(self, listing: Listing, at: int) -> str:
        read = listing.read
        assert read.second is not None
        label, one, other = (int(of[at]) for of in (read.labels, read.read, read.second_read))
        if label == one:
            text = self.tr("{network} is right; {second} reads {other} with {share}.")
        elif label == other:
            text = self.tr("{second} is right, with {share}; {network} is not.")
        else:
            text = self.tr("Both are wrong; {second} reads {other} with {share}.")
        share = percent(float(read.second[at, other]))
        names = {"network": listing.network, "second": listing.second}
        return text.format(other=other, share=share, **names)

    def why_read(self, listing: Listing, at: int) -> str:
        """Say what an image was taken for, and by how much that was preferred."""
        read = listing.read
        label, digit = int(read.labels[at]), int(read.read[at])
        shares = read.probabilities[at]
        rival = rival_of(read, at)
        facts = {
            "read": digit,
            "share": percent(float(shares[digit])),
            "label": label,
            "own": percent(float(shares[label]), 2),
            "other": rival,
            "its": percent(float(shares[rival])),
            "times": self._times(float(shares[digit]), float(shares[label])),
        }
        if digit == label:
            text = self.tr("It is read right, with {share}; next comes {other} with {its}.")
        else:
            text = self.tr(
                "It is read as {read} with {share}; the label {label} gets {own}: to the network "
                "{read} is {times} times as probable."
            )
        return text.format(**facts)

    def _times(self, larger: float, smaller: float) -> str:
        times = larger / smaller if smaller else np.inf
        if times > _MOST_TIMES:
            return self.tr("more than {times}").format(times=count(_MOST_TIMES))
        return number(times, 1 if times < 10 else 0)

    def alike(self, read: ReadImages, at: int, place: int, *, is_label: bool) -> str:
        """Say what the image at a place is that is most like the one that is looked at."""
        if is_label:
            text = self.tr("The most similar {digit} that is read right: {image}")
        elif read.read[at] != read.labels[at]:
            text = self.tr("What it is taken for: {image}, a {digit} that is read right")
        else:
            text = self.tr("What it is nearly taken for: {image}, a {digit} that is read right")
        return text.format(digit=int(read.labels[place]), image=self.name(read, place))


def rival_of(read: ReadImages, at: int) -> int:
    """Return the digit that an image is taken for, or the next best one where that is the label."""
    digit = int(read.read[at])
    if digit != read.labels[at]:
        return digit
    return int(np.argsort(-read.probabilities[at], kind="stable")[1])

"""What a network is made of."""

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP
from mnist_gui.words.glossary.term import Place, Term

TERMS = (
    Term(
        "network",
        QT_TRANSLATE_NOOP("glossary", "Network"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A long calculation with many adjustable numbers, the weights. It takes the pixels "
            "of an image and gives ten numbers, one for each digit; training finds weights for "
            "which the right one is largest.",
        ),
        Place.INSIDE,
        ("layer", "weight", "neuron", "cnn"),
    ),
    Term(
        "neuron",
        QT_TRANSLATE_NOOP("glossary", "Neuron (unit)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The smallest part of a network. It multiplies each of its inputs by a weight, "
            "adds them up, adds a bias and passes the result on. The name comes from nerve "
            "cells, but it is only arithmetic.",
        ),
        Place.INSIDE,
        ("weight", "bias", "activation", "layer"),
    ),
    Term(
        "layer",
        QT_TRANSLATE_NOOP("glossary", "Layer"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A stage of a network: a group of units that work side by side on the same input. "
            "Each layer works on what the layer before it has found.",
        ),
        Place.INSIDE,
        ("hidden-layer", "dense-layer", "convolution", "pooling"),
    ),
    Term(
        "hidden-layer",
        QT_TRANSLATE_NOOP("glossary", "Hidden layer"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A layer between the image and the ten answers. Nobody tells it what to look for; "
            "it finds out in training what is useful.",
        ),
        Place.INSIDE,
        ("layer", "feature-map", "dense-layer"),
    ),
    Term(
        "dense-layer",
        QT_TRANSLATE_NOOP("glossary", "Dense layer"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A layer in which every unit is connected with every output of the layer before. "
            "It can combine anything with anything, and needs many weights for that.",
        ),
        Place.INSIDE,
        ("layer", "neuron", "convolution"),
    ),
    Term(
        "weight",
        QT_TRANSLATE_NOOP("glossary", "Weight"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A number that says how strongly one value counts in the next one. Positive "
            "weights speak for something, negative ones against it. Training changes the "
            "weights and biases, and nothing else.",
        ),
        Place.INSIDE,
        ("bias", "parameter", "gradient"),
    ),
    Term(
        "bias",
        QT_TRANSLATE_NOOP("glossary", "Bias"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A number that a unit adds to its sum, whatever the image shows. It sets how "
            "easily the unit responds.",
        ),
        Place.INSIDE,
        ("weight", "neuron", "parameter"),
    ),
    Term(
        "parameter",
        QT_TRANSLATE_NOOP("glossary", "Parameter"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Any number that training adjusts: all weights and biases together. The simplest "
            "network here has 7,850 of them, larger ones have many times more.",
        ),
        Place.RECIPE,
        ("weight", "bias", "hyperparameter"),
    ),
    Term(
        "activation",
        QT_TRANSLATE_NOOP("glossary", "Activation"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "What a unit gives out for one image. A large activation means: here is what I "
            "look for.",
        ),
        Place.INSIDE,
        ("relu", "neuron", "feature-map"),
    ),
    Term(
        "relu",
        QT_TRANSLATE_NOOP("glossary", "ReLU"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A very simple rule between two layers: negative numbers become 0, all others stay "
            "as they are. Without such a bend, many layers could do no more than one.",
        ),
        Place.INSIDE,
        ("activation", "hidden-layer", "layer"),
    ),
    Term(
        "cnn",
        QT_TRANSLATE_NOOP("glossary", "CNN (convolutional network)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A network that searches the whole image for small patterns with the same filters "
            "everywhere. It suits images, as a stroke is a stroke wherever it lies.",
        ),
        Place.RECIPE,
        ("convolution", "filter", "pooling", "feature-map"),
    ),
    Term(
        "convolution",
        QT_TRANSLATE_NOOP("glossary", "Convolution"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Sliding a small grid of weights over an image, and noting at each place how well "
            "what lies below it fits. The result is a new image that shows where the pattern "
            "was found.",
        ),
        Place.INSIDE,
        ("filter", "feature-map", "stride", "padding"),
    ),
    Term(
        "filter",
        QT_TRANSLATE_NOOP("glossary", "Filter (kernel)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The small grid of weights, here 3 by 3 or 5 by 5, that a convolution slides over "
            "the image. Each filter looks for one pattern, such as an edge or the end of a "
            "stroke.",
        ),
        Place.INSIDE,
        ("convolution", "weight", "feature-map"),
    ),
    Term(
        "feature-map",
        QT_TRANSLATE_NOOP("glossary", "Feature map"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The image that one filter makes: bright where its pattern was found. The next "
            "layer looks for patterns in these images.",
        ),
        Place.INSIDE,
        ("filter", "activation", "channel"),
    ),
    Term(
        "channel",
        QT_TRANSLATE_NOOP("glossary", "Channel"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "One of several images of the same size that lie on top of each other. A grey "
            "image has one channel, a colour photo three; after a layer with 16 filters there "
            "are 16.",
        ),
        Place.INSIDE,
        ("feature-map", "filter", "tensor"),
    ),
    Term(
        "stride",
        QT_TRANSLATE_NOOP("glossary", "Stride"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "By how many pixels a filter moves on each time. With a stride of 2 the result is "
            "half as wide and half as high.",
        ),
        Place.INSIDE,
        ("convolution", "pooling", "padding"),
    ),
    Term(
        "padding",
        QT_TRANSLATE_NOOP("glossary", "Padding"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Empty pixels added around an image, so that a filter can be centred on the "
            "outermost pixels as well. The result can then be as large as the image.",
        ),
        Place.INSIDE,
        ("convolution", "stride", "pixel"),
    ),
    Term(
        "pooling",
        QT_TRANSLATE_NOOP("glossary", "Pooling"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Making an image smaller by keeping only the largest of each group of neighbouring "
            "values. What was found stays; where exactly it was matters less.",
        ),
        Place.INSIDE,
        ("convolution", "stride", "receptive-field"),
    ),
    Term(
        "receptive-field",
        QT_TRANSLATE_NOOP("glossary", "Receptive field"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The part of the image that one value inside a network depends on. It grows from "
            "layer to layer: first a corner of a stroke, at last the whole digit.",
        ),
        Place.INSIDE,
        ("convolution", "pooling", "feature-map"),
    ),
    Term(
        "softmax-regression",
        QT_TRANSLATE_NOOP("glossary", "Softmax regression"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The simplest network here: one layer, straight from the pixels to the ten digits. "
            "It learns one template for each digit, and reads about 92 of 100 images correctly.",
        ),
        Place.RECIPE,
        ("softmax", "network", "dense-layer", "cnn"),
    ),
    Term(
        "dead-unit",
        QT_TRANSLATE_NOOP("glossary", "Dead unit"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A unit that gives 0 whatever the image is. No gradient reaches it any more, so "
            "it learns nothing and seldom comes back. Many dead units often mean that the "
            "learning rate was too high.",
        ),
        Place.INSIDE,
        ("neuron", "relu", "gradient", "learning-rate"),
    ),
)

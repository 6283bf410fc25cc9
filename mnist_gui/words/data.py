"""Sentences about data sets, drawings and pictures; a clause is put into another's sentence."""

SENTENCES = {
    "data-file-unreadable": "The data file {path} cannot be read: {reason}.",
    "data-file-damaged": (
        "The data file {path} cannot be used: {reason}; "
        "replace it with an intact file in MNIST's IDX format."
    ),
    "gzip-corrupt": "its gzip data is corrupt ({reason})",
    "gzip-truncated": "it is truncated: its gzip data ends too early",
    "fewer-items": "it is truncated: too short for the {count} items it declares",
    "fewer-bytes": "it is truncated: {found} of {wanted} bytes are there",
    "more-items": "it goes on after the {count} items it declares",
    "another-magic": "it begins with {found} instead of {wanted}",
    "header-truncated": "it is truncated: it ends within its header",
    "image-size": "its images are {found} pixels instead of {wanted}",
    "no-items": "it is empty: it declares 0 items",
    "too-many-items": "it declares {count} items, more than the {most} read here",
    "data-one-image": (
        "The data file {path} holds one image; training needs at least two, "
        "one of them for validation."
    ),
    "data-counts-differ": (
        "{images_path} holds {images} images but {labels_path} {labels} labels; "
        "use two files that belong together."
    ),
    "data-label": (
        "The data file {path} has the label {label}; use a data set whose labels are 0 to 9."
    ),
    "data-several-sets": (
        "The folder {folder} holds several data sets ({names}); "
        "put the four files of one of them into a folder of their own."
    ),
    "data-no-folder": (
        "{folder} is not a folder; name the folder that holds the data set's four files."
    ),
    "data-folder-unreadable": "The data folder {folder} cannot be read: {reason}.",
    "data-incomplete": (
        "The folder {folder} lacks {missing}; a data set is the four files {names}, "
        "each gzipped (.gz) or not."
    ),
    "data-altered": (
        "The MNIST files that came with the program are not the published ones: {paths}; "
        "install the program again."
    ),
}

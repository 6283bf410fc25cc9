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
    "data-several-sets": (
        "{path} holds several data sets ({names}); "
        "open one of these files by itself, after unpacking if they are in an archive."
    ),
    "data-folder-unreadable": "The data folder {folder} cannot be read: {reason}.",
    "data-incomplete": (
        "The folder {folder} lacks {missing}; a data set is the four files {names}, "
        "or the first two of them, each gzipped (.gz) or not."
    ),
    "data-altered": (
        "The MNIST files that came with the program are not the published ones: {path}; "
        "install the program again."
    ),
    "data-unknown": (
        "There is no data set in {path} that can be read; open files in MNIST's IDX format, "
        ".npz, .csv or .parquet files, PNG or JPEG pictures with a folder for each digit, "
        "or a .zip or .tar.gz file with any of these."
    ),
    "data-corrupt": (
        "The data file {path} is damaged, or is not what its name says ({text}); "
        "get an intact copy of it."
    ),
    "data-encrypted": (
        "The archive {path} is locked by a password, as its file {name} shows; "
        "unpack it and open the folder."
    ),
    "data-packed-otherwise": (
        "The archive {path} is packed in a way that is not read here, as its file {name} shows; "
        "unpack it and open the folder."
    ),
    "data-archive-link": (
        "The archive {path} has a link or a device, {name}, and links are not followed here; "
        "pack the files themselves."
    ),
    "data-too-many-files": (
        "{path} has more than {most:,} files; leave some out, or open a folder below it."
    ),
    "data-unpacks-too-large": (
        "The archive {path} unpacks to more than {most} GiB; split it up, or leave some out."
    ),
    "data-part-too-large": (
        "The file {path} is larger than {most} MiB, too large for one image; leave it out."
    ),
    "data-no-training": (
        "There are no labelled training images in {path}; "
        "add them, or give them a name that has the word train in it."
    ),
    "data-no-labels-at-all": (
        "There are no labelled training images in {path}, only images without labels; "
        "put the file that has the labels, such as Kaggle's train.csv, beside it and open that."
    ),
    "data-no-folders": (
        "There are no labelled training images in {path}, as its pictures lie in no folder that "
        "is named after a label; make a folder for each label, 0 to 9, and move them there."
    ),
    "data-matlab": (
        "{path} is in MATLAB's own format, which is not read here; take the same data set as IDX "
        "files, which for EMNIST is the download gzip.zip, or as .csv files."
    ),
    "data-no-images": "There are no images in {path}; choose another file.",
    "data-too-few": (
        "{path} has {count} images; training needs at least three, "
        "one of them for validation and one for the test."
    ),
    "data-too-many-images": (
        "{path} has more than {most:,} images, the most that are read here; leave some out."
    ),
    "data-other-size": (
        "The images in {path} are {size} pixels instead of grey ones of 28x28; "
        "have them made smaller and grey (option --resize), or convert them."
    ),
    "data-image-too-large": (
        "An image in {path} is longer than {most:,} pixels; make it smaller or leave it out."
    ),
    "data-no-images-shape": (
        "What is in {path} has the shape {shape}, which is not that of images; "
        "it must be the number of images, then 28x28 or 784."
    ),
    "data-pixel": (
        "A pixel in {path} is not a number from 0 to 255, or from 0 to 1; "
        "correct it or leave its image out."
    ),
    "data-line-pixel": (
        "A pixel in line {line:,} of {path} is not a number from 0 to 255, or from 0 to 1; "
        "correct the line or leave it out."
    ),
    "data-line-columns": (
        "Line {line:,} of {path} has {found} values instead of {wanted}; "
        "correct the line or leave it out."
    ),
    "data-picture": (
        "The picture {path} is damaged, or of another kind than its name says; "
        "replace it or leave it out."
    ),
    "data-parquet": (
        "{path} has no column of images, but the columns {names}; "
        "call it image, and that of the labels label."
    ),
    "data-parquet-extra": (
        "Parquet files need pyarrow, which is not installed; install mnist-gui with its extra "
        '"parquet".'
    ),
    "data-columns": (
        "The lines of {path} have {found} values; "
        "each must have the label of an image and its 784 pixels."
    ),
    "data-no-table": (
        "{path} is not a table of images; each line must have the label of an image and its "
        "784 pixels, parted by commas."
    ),
    "data-classes": (
        "{path} has {count} different labels ({names} ...), and a network here tells ten apart; "
        "leave images out until at most ten labels are left."
    ),
    "data-labels-are-none": (
        "{path} has too many different labels, such as {examples}; "
        "choose a data set in which each image has the label of one of ten classes."
    ),
    "data-labels-shape": (
        "The labels in {path} are not one whole number, or one name, for each image; correct them."
    ),
    "data-array-type": (
        "The array {path} has the type {dtype}, which is not read here, as it may run programs "
        "or is no number; save it again as whole numbers."
    ),
    "data-array-format": (
        "The array {path} is not written as NumPy writes numbers; save it again by numpy.savez."
    ),
    "data-array-order": (
        "The array {path} is stored column by column; "
        "save it again by way of numpy.ascontiguousarray."
    ),
    "data-array-size": (
        "The array {path} has more or fewer numbers than its header says; get an intact copy."
    ),
    "data-item-too-large": "An image in {path} is too large to be read; make it smaller.",
    "data-too-many-arrays": "{path} has more than {most} arrays; leave out what is no data set.",
    # --- what is to be known of a data set that was read ---
    "data-test-drawn": (
        "It has no test images of its own; {count:,} of its images, drawn at random "
        "with an equal share of each label, are used for the test."
    ),
    "data-mixed": (
        "Its images were sorted by their labels; they are now in a random order, "
        "the same each time."
    ),
    "data-turned": "Its images lie on their sides, as EMNIST's do; they were turned upright.",
    "data-no-labels": "{path} has no labels, and is left out.",
    "data-no-folder": (
        "Pictures that are not in a folder named after their label are left out: {count:,}, "
        "such as {path}."
    ),
    "data-ten-is-zero": "Its labels are 1 to 10; ten is taken for the digit 0.",
    "data-labels-numbered": "Its labels are no digits; they are numbered: {meant}.",
    # --- drawings ---
    "drawing-no-object": (
        'A drawing must be an object with a list "strokes", a drawing of Quick, Draw!, '
        "or the points of a signature pad."
    ),
    "drawing-too-many-points": (
        "The drawing has more than {most:,} points; leave some out, or split it up."
    ),
    "drawing-too-many-strokes": (
        "The drawing has more than {most:,} strokes; leave some out, or split it up."
    ),
    "drawing-no-strokes": "The drawing has no strokes.",
    "drawing-label": "The drawing's label is {label}; it must be a digit from 0 to 9.",
    "drawing-no-lists": (
        'The drawing\'s "{name}" must be a list with one list, or null, for each stroke.'
    ),
    "drawing-counts-differ": (
        'The drawing\'s "{name}" must have one list, or null, for each stroke; '
        'strokes: {strokes:,}, "{name}": {found:,}.'
    ),
    "stroke-points": "A stroke must be a list of [x, y] pairs of numbers.",
    "stroke-no-pairs": "A stroke must be a list of at least one [x, y] pair.",
    "stroke-point-too-far": "A stroke has a point that is not finite or far off the canvas.",
    "stroke-no-numbers": 'A stroke\'s "{name}" must be a list of numbers.',
    "stroke-counts-differ": (
        'A stroke\'s "{name}" must have one number for each point; '
        'points: {points:,}, "{name}": {found:,}.'
    ),
    "stroke-times-bounds": (
        "A stroke's \"times\" must be finite seconds since the drawing's first point, 0 or more."
    ),
    "stroke-times-go-back": 'A stroke\'s "times" must not go back from one point to the next.',
    "stroke-too-early": (
        'The "times" of stroke {number} begin before an earlier stroke ends; '
        "they count from the drawing's first point, not from the stroke's."
    ),
    "stroke-pressures-bounds": 'A stroke\'s "pressures" must lie between 0 and 1.',
    # --- files of drawings ---
    "drawings-unreadable": "The drawings {path} cannot be read: {reason}.",
    "drawings-foreign": (
        "{path} is not a file of drawings; choose JSON Lines (.jsonl), JSON, Quick, Draw! "
        "(.ndjson), InkML (.inkml) or SVG (.svg)."
    ),
    "too-many-lines": "it has more than {most:,} lines; split it up",
    "json-too-many": "its JSON has more than {most:,} lists; split it up",
    "too-many-drawings": "it has more than {most:,} drawings; split it up",
    "drawings-unwritable": "The drawings cannot be written to {path}: {reason}.",
    "drawing-not-added": "The drawing cannot be added to {path}: {reason}.",
    "drawings-one-text": "{path} is one JSON text; choose a .jsonl file to add drawings to.",
    "drawings-none": "{path} has no drawings in it; choose another file.",
    "drawings-unlabelled": '{path} has no labelled drawing; give each a "label" from 0 to 9.',
    "drawings-line": "{path}, line {line}: {reason}.",
    "drawings-item": "{path}, drawing {number}: {reason}.",
    "drawings-no-json": "{path}: {reason}.",
    "no-json-line": "This is not JSON at line {line} ({text}); fix or delete that line.",
    "no-json-column": "This is not JSON at column {column} ({text}); fix or delete that line.",
    "drawing-no-text": "This is not text in UTF-8; fix or delete that line.",
    "drawing-constant": "{constant} is no number that a point can have; fix or delete that line.",
    "drawing-endless-integer": (
        "This has an integer of far too many digits; fix or delete that line."
    ),
    "drawing-nested": "This is nested too deeply to be a drawing; fix or delete that line.",
    "drawing-line-too-long": "This line is too long to be one drawing; split it up.",
    "drawing-repeated": "This is the same drawing as in line {line}.",
    "drawing-repeated-otherwise": (
        "This is the same drawing as in line {line}, "
        "but its label is {here} here and {there} there."
    ),
    # --- drawings of other programs ---
    "quick-draw-stroke": (
        "A stroke of Quick, Draw! must be a list of x and a list of y, as many numbers in each."
    ),
    "pad-points": (
        "The points of a signature pad must be a list of pairs of numbers, "
        'or of objects with the numbers "x" and "y".'
    ),
    "xml-broken": (
        "its XML is broken at line {line} ({text}); save it anew in the program that made it"
    ),
    "xml-encoding": "its XML has an encoding that is not known here; save it in UTF-8",
    "xml-declarations": (
        "its XML declares entities, which may do harm and are not read; "
        "save it as plain SVG or InkML"
    ),
    "xml-nested": "its XML is nested more than {most} deep; save it with fewer groups",
    "xml-too-many": "its XML has more than {most:,} elements or attributes; split it up",
    "inkml-point": (
        'A trace cannot be read at "{text}": each point must have numbers for x and y.'
    ),
    "svg-no-lines": (
        "it has no lines: draw with pen, lines or paths, "
        "and turn shapes, letters and pictures into paths"
    ),
    "svg-path": 'a path cannot be read at "{text}"; save it as plain SVG',
    "svg-attribute": 'its {name} "{text}" cannot be read; save it as plain SVG',
    # --- the user's digits ---
    "digits-unreadable": "Your digits cannot be read from {path}: {reason}.",
    "digits-unwritable": "Your digits cannot be written to {path}: {reason}.",
    "digits-damaged": "it is damaged or of another program; move it elsewhere to start anew",
    "digits-foreign": "{name} is not of this program; move it elsewhere",
    "digits-newer": "a newer version of this program has made it; use that one",
    "digits-too-many": (
        "it cannot have more than {most:,} digits or {mebibytes:,} MiB; export some and delete them"
    ),
    "digits-disk-failed": "the disk failed ({text}); check it and its free space",
    "digit-too-long": "The drawing is too long to be one digit.",
    "digit-unlabelled": "A drawing must have a label from 0 to 9 to be kept as your digit.",
    "hand-too-few": (
        "Learning a hand takes at least {least} different labelled drawings, "
        "and there are {found}; draw {missing} more."
    ),
    "hand-unlabelled": "Learning a hand takes drawings with strokes and labels from 0 to 9.",
    "hand-diverged": (
        "Learning your hand went wrong: the network's weights diverged. "
        "Train the network again, or choose another one, and try with that."
    ),
    # --- pictures ---
    "picture-unreadable": "The picture {path} cannot be read: {reason}.",
    "picture-empty": "The picture {name} is empty; choose another one.",
    "picture-unknown": "{name} is not a picture that can be read; choose one of these: {formats}.",
    "picture-broken": (
        "The picture {name} is broken or cut short; open it in another program and save it anew."
    ),
    "picture-cut-short": (
        "The picture {name} ends too early; what is there of it is read. "
        "If you can, copy it again from where it came."
    ),
    "picture-is-pdf": (
        "{name} is a PDF document, not a picture: "
        "open it in another program and save the page as PNG, or take a screenshot."
    ),
    "picture-is-heif": (
        "{name} is a HEIC or AVIF photo, which cannot be read: "
        "open it in another program and save it as JPEG."
    ),
    "picture-is-svg": (
        "{name} is an SVG file, made of lines, not pixels: open it as a drawing, "
        "or save it as PNG in another program."
    ),
    "picture-too-large": (
        "The picture {name} has more than {most:,} pixels, or more than {longest:,} along a side; "
        "reduce it or cut out the digits."
    ),
    "picture-too-many-scans": (
        "The picture {name} is a JPEG in more than {most} passes, which no camera makes and which "
        "would take too long; open it in another program and save it anew."
    ),
    "picture-too-costly": (
        "The picture {name} takes too much time or memory to be read; "
        "reduce it or cut out the digits."
    ),
    "picture-too-many-marks": (
        "The picture has so many marks that no digits can be told among them; "
        "cut the digits out, or take it nearer and in even light."
    ),
    "picture-no-digits": (
        "There are no digits to be seen in the picture; "
        "choose one with dark digits on light paper, or light ones on dark."
    ),
    # --- curves ---
    "curves-unwritable": "The curves cannot be written to {path}: {reason}.",
    "view-unwritable": "The file {path} cannot be written: {reason}.",
    "map-not-computed": "The map could not be computed: {reason}.",
    "map-too-few-images": ("t-SNE needs at least {fewest} test images; this data set has {count}."),
    "report-unwritable": "The report cannot be written to {path}: {reason}.",
    "results-unwritable": "The test results cannot be written to {path}: {reason}.",
}

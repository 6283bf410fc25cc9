"""Sentences about networks, their files and devices; a clause is put into a sentence."""

SENTENCES: dict[str, str] = {
    # Files, of networks and of all else.
    "file-too-large": "it is larger than {mebibytes} MiB",
    "file-damaged": "it is damaged or truncated",
    "newer-version": ("it is of a newer version of the program; update the program to use it"),
    "archive-early": "it is a zip file, as only an early version of the program wrote",
    "archive-foreign": "it is no {kind} file",
    "archive-of-others": "it is no {kind} file, but one of arrays of another program",
    "archive-foreign-or-truncated": "it is no {kind} file, or it is truncated",
    "archive-foreign-or-wrong": "it is no {kind} file, or {reason}",
    "archive-size": "it is truncated, or larger than its arrays",
    "archive-checksum": "it is damaged: its checksum is not that of what it holds",
    "part-wrong": "its {part} is wrong: {reason}",
    "array-missing": "it lacks the array {name}",
    "array-extra": "it has an array that it should not have, {name}",
    "array-declared-otherwise": "its array {name} is {found} instead of {wanted}",
    "weights-too-large": (
        "the weights of its layer {layer} are so large, or so wrong, that nothing can be "
        "computed with them"
    ),
    "array-not-finite": "its array {name} has values that are not finite",
    # Networks.
    "network-not-saved": "The network cannot be saved to {path}: {reason}.",
    "network-file-unreadable": "The network file {path} cannot be read: {reason}.",
    "network-file-damaged": (
        "The network file {path} cannot be used: {reason}; "
        "choose an intact file that this program saved."
    ),
    "network-file-of-others": (
        'The network file {path} is of another program; convert it first, by "mnist-gui import '
        'FILE --out net.mnistgui".'
    ),
    "network-file-torch": (
        "The network file {path} is a pickle by PyTorch, which is never opened here, as it can run "
        "any code; in PyTorch, write safetensors.torch.save_file(model.state_dict(), "
        '"model.safetensors"), or an ONNX file, and open that.'
    ),
    "network-file-pickle": (
        "The network file {path} is a pickle, as pickle and joblib write it, which is never opened "
        "here, as it can run any code; save the network as .keras, .h5, .safetensors or .onnx, or "
        "its arrays by numpy.savez (.npz)."
    ),
    "network-file-tflite": (
        "The network file {path} is of TensorFlow Lite, which is written here, not read; open the "
        "network that it was made from, as .mnistgui, .keras, .h5, .npz, .safetensors or .onnx."
    ),
    "recipe-name": "its recipe's name is not a line of text, or too long",
    "recipe-of-another-network": "its recipe is for another network than the one it holds",
    "arrays-of-another-network": "its arrays are not those of the network {network}",
    "array-not-float32": "its array {name} is not float32 of the shape {shape}",
    # Networks of other programs.
    "network-file-unfit": (
        "The network file {path} cannot be used: {reason}; choose a network of this program, "
        "or the weights of one with the same layers."
    ),
    "no-arrays": "it has no arrays",
    "arrays-fit-none": "its arrays fit none of the networks here, {networks} (they are {found})",
    "layer-other": (
        "its layer {found} is not of a kind that can be read here, or not at a place where it can"
    ),
    "layers-end": "its last layer is not a dense layer of ten numbers",
    "layers-after-end": (
        "after its last dense layer of ten numbers there is {found}; only softmax or sigmoid can "
        "be read there"
    ),
    "layers-too-large": "its layers, {found}, are more or larger than those that can be read here",
    "layer-value": "a layer has a value that cannot be, {name}",
    "layers-order": (
        "it has layers of one shape, and does not tell which of them is the first; save the whole "
        "model in a .keras file"
    ),
    "layers-branch": "its layers do not follow one another in one row",
    "onnx-elsewhere": (
        "its arrays are in another file; export it with them inside (external_data=False)"
    ),
    "onnx-too-many-parts": "it has far more parts than a network",
    "onnx-weights": "the weights of an operation {kind} are not in the file, or of another shape",
    "arrays-too-large": "its arrays are far larger than a network's",
    "array-unnamed": "it has an array without a proper name",
    "array-not-of-floats": "it has an array that is not of floats",
    "array-declared-not-floats": "its array {name} is declared as {dtype} {shape}, not floats",
    "array-format": "its array {name} is in an unknown format",
    "array-size": "its array {name} has another size than it declares",
    "part-too-large": "its part {name} declares {size} bytes, far too many",
    "zip-too-short": "it is too short to be a zip file",
    "zip-too-many-parts": "it has far more parts than a network file",
    "zip-no-network": "it is a zip file with neither arrays (.npz) nor a Keras model in it",
    "zip-part-twice": "it has two parts of one name",
    "zip-part-missing": "it lacks the part {name}",
    "zip-part-compressed": "its part {name} is compressed in an unknown way",
    "hdf5-unreadable": "it could not be read",
    "hdf5-process-died": "it is damaged so badly that it could not be read",
    "hdf5-too-deep": "its groups are nested too deeply",
    "hdf5-too-many-parts": "it has far more parts than a network",
    "hdf5-link": "it has a link, which could lead to any other file",
    "hdf5-other-part": "it has parts that are no arrays",
    "hdf5-array-elsewhere": "it has an array that is kept in another file",
    "hdf5-array-encoded": "it has an array that is compressed or kept in pieces",
    "export-ending": (
        "The network cannot be exported to {path}: its name ends in none of {endings}; "
        "choose a name that does."
    ),
    "not-exported": "The network was not exported to {path}: {reason}.",
    "export-not-written": "it could not be written ({reason})",
    "export-not-read": "it could not be read back ({reason})",
    "export-not-ten": "read back, it does not give ten probabilities for each drawing",
    "export-differs": "read back, its answers differ by {difference:.2g} from the engine's",
    "export-script-names-taken": (
        "The network was not exported: the folder {folder} is full of other files named {name}; "
        "choose another folder."
    ),
    "process-too-long": "it took far too long",
    "process-ended-from-outside": "it was ended from outside",
    "process-failed": "{line}",
    # Devices.
    "device-unknown": "There is no device {key} here; choose automatic or one of: {keys}.",
    "batch-below-gpus": (
        "A batch with {count} of the data set's images cannot be divided among {gpus} GPUs; "
        "choose a larger batch size, or one GPU."
    ),
    "no-gpu-off-linux": "TensorFlow uses GPUs on Linux only (on Windows, inside WSL2).",
    "no-gpu-support": "This TensorFlow was built without GPU support.",
    "no-gpu-driver": "No NVIDIA driver was found.",
    "no-gpu-libraries": (
        "The CUDA libraries were not found; install mnist-gui with its extra: mnist-gui[gpu]."
    ),
    "processor-without-avx": (
        "TensorFlow cannot run on the processor {processor}, which has no AVX; "
        "use a computer from 2012 or later."
    ),
    "tensorflow-ends-program": (
        "TensorFlow ends the program that loads it ({words}). Put that right and start this one "
        "anew; until then it can neither train nor read."
    ),
    "tensorflow-not-loaded": "TensorFlow cannot be loaded ({reason}); install mnist-gui again.",
}

"""Sentences of the device doctor about what is in the way of the program on this computer."""

SENTENCES: dict[str, str] = {
    "folder-not-writable": "Nothing can be saved in the folder {path}: {reason}.",
    "no-gpu-hardware": "There is no NVIDIA GPU in this computer.",
    "no-gpu-hidden": "The variable CUDA_VISIBLE_DEVICES hides the GPU.",
    "variable-xla": "The variable TF_XLA_FLAGS turns XLA on, which slows training; unset it.",
    "variable-onednn": (
        "The variable TF_ENABLE_ONEDNN_OPTS turns oneDNN off, which slows training; unset it."
    ),
}

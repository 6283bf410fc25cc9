"""Recorded runs: each is a folder of plain files, written while the run is trained.

The folder's name is the run ID, which never changes. It has these files:

    run.json                  what the run is and how far it came (`run_folder`); JSON
    labels.json               what the user calls it: name, colour, pin and note (`run`); JSON
    history.jsonl             what happened, one event a line (`event_log`); JSON Lines
    checkpoint.safetensors    all it takes to resume the run with the same bits (`run_folder`)
    network.mnistgui          the weights at its end (`model_file`)
    best.mnistgui             the weights of the best validation, if others than the last
    snapshot-*.mnistgui       the weights after so many steps, at most 40 of them (`snapshot`)
    test.safetensors          the predictions for the test images (`run_folder`)
    run.lock                  empty; locked by the program that trains the run

Files with arrays are in the format of safetensors, with JSON in their metadata (`archive`). Only
`run.json` and `history.jsonl` are always there. A completed run keeps its checkpoint, so that it
can be continued, as long as there is space (`listing`); so do all runs their snapshots.

The program that holds the lock writes all files but `labels.json`. Files are replaced atomically;
lines are appended to the history, and a last line without its end does not count. A line says from
which step a run was resumed; earlier lines of later steps are of lost work and do not count.
`.deleted` holds the runs that can be restored.

"running" in `run.json` while nobody holds the lock means that the run was interrupted. Files that
are links are refused: they might lead outside the folder.
"""

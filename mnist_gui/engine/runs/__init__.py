"""Runs that are kept: each is a folder of plain files, written while the run goes on.

A folder of runs holds one folder for each, whose name is the run's ID and never changes:

    run.json                  what the run is and how far it came (`run_folder`); JSON
    labels.json               what the user calls it: name, colour, pin and note (`run`); JSON
    history.jsonl             what happened, one event a line (`event_log`); JSON Lines
    checkpoint.safetensors    what it takes to go on to the same bits (`run_folder`)
    network.mnistgui          the weights at its end (`model_file`)
    best.mnistgui             those that read most validation images right, if others than the last
    test.safetensors          what was read in each test image (`run_folder`)
    run.lock                  empty; locked by the program in which the run goes on

The files with arrays are all in the format of safetensors, with JSON in their metadata (`archive`).

A completed run keeps its checkpoint, so that it can be given more steps, as long as there is room
for it (`listing`).

Only `run.json` and `history.jsonl` are always there. Whoever holds the lock writes all of them but
`labels.json`, which is the user's. All are replaced in one step, but for the history: lines are
appended to it, and a last line that lacks its end does not count. A run that went on from a
checkpoint has a line that says from which step; lines before it that are beyond that step are of
work that was lost, and do not count either. `.deleted` holds the runs that can still be restored.

"running" in `run.json` without anybody who holds the lock means that the run was interrupted. Files
that are links are refused: they might lead outside the folder.
"""

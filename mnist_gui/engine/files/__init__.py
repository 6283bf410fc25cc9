"""Reading and writing that survives crashes, full disks and hostile files."""

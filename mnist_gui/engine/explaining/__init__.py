"""Why a drawing is read as it is: the stages of preprocessing, and the ink that decides."""

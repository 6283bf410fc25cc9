"""Sweeps: one recipe with many values of its hyperparameters, trained here or elsewhere.

    choices.py        which values: all combinations, or random ones
    combinations.py   the runs of a sweep; they are trained here, one after the other
    processes.py      several at a time, in processes of their own
    cluster.py        on the workers of a Dask cluster; `segment.py` is what these compute
    tuning.py         values that follow from the results of those before, by Optuna

All of them yield the same news, write into the same run store, and give the same bits: sums depend
on the number of threads that TensorFlow divides them among, so it is the same for all.
"""

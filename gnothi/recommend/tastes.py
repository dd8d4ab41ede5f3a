"""How well items fit a listening history where nothing is known of other people: by their facts."""

import numpy as np

from gnothi.recommend.catalogue import Numbers
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.noise import Singles


def by_facts(likeness: Likeness, items: Numbers, counts: Singles) -> Singles:
    """Return for each item how much it is like what was played: scores for a personal prior.

    ``s(j) = sum over i of log(1 + n_i) cos(i, j)``, *items* ``i`` played *counts* ``n_i`` times.
    One product with the catalogue's matrix each way, whatever the length of the history.
    """
    heard = np.zeros(len(likeness.catalogue), np.float32)
    heard[items] = np.log1p(counts)
    matrix = likeness.catalogue.matrix
    told = np.asarray(matrix.T @ (heard / likeness.norms), np.float32) * likeness.tells
    return np.asarray((matrix @ told) / likeness.norms, np.float32)

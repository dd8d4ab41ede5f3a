"""What somebody says after a prompt, read without knowing what they will be asked next.

``reading`` joins the parts: names of the catalogue (``spotting``, or ``naming`` where they are
misheard), whether they are wanted (``polarity``) or only gone by (``comparing``), how much is liked
and what is wished (``responses`` by the features of ``phrasing``), which of two is taken
(``choosing``), and who else is there (``company``).
"""

from gnothi.recommend.replies.reading import LIKED, Replies

__all__ = ["LIKED", "Replies"]

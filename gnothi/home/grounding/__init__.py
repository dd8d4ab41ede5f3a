"""Grounding: from the words of a request to the devices of this home and what to do with them.

``words`` and ``lexicon`` hold the language, ``index`` the home's names, ``demand`` and
``amounts`` read what is wanted, ``phrases`` and ``selection`` which devices are meant,
``operations``, ``groups`` and ``commands`` turn both into services, ``risk`` judges them.
"""

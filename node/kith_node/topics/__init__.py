"""The files of the vocabulary: reading, serving, checking, exporting; a community's own topics.

What topics mean to each other, and finding them by words, is in ``kith_protocol``: devices do
it, too.
"""

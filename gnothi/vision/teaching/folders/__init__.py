"""Folders of pictures with boxes, in the formats that people's tools write."""

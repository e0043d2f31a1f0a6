"""The shared vocabulary: topics in a hierarchy, their labels, and finding them by words.

Which branches a community exchanges and which are in focus is left to its stewards' settings.
"""

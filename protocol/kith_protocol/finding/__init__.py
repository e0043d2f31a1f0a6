"""How free text becomes topics: the parts of ``kith_protocol.topic_finder``, one idea each."""

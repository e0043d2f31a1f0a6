from kith_node.catalogue.partitions import PartitionCache, build_file


async def test_the_file_used_longest_ago_goes_and_its_description_stays() -> None:
    ar, en, pt = [await build_file(tag, [b"{}" + b" " * 50]) for tag in ("ar", "en", "pt")]
    cache: PartitionCache[tuple[int, int]] = PartitionCache(max_bytes=2 * len(en.raw))
    cache.put(ar, (1, 1))
    cache.put(en, (1, 1))
    assert cache.file("ar", (1, 1)) is ar
    cache.put(pt, (1, 1))
    assert cache.file("en", (1, 1)) is None
    assert cache.entry("en", (1, 1)) == en.entry
    assert cache.file("ar", (1, 1)) is ar
    assert cache.file("pt", (1, 1)) is pt


async def test_files_of_another_state_are_not_served() -> None:
    en = await build_file("en", [b"{}"])
    cache: PartitionCache[tuple[int, int]] = PartitionCache()
    cache.put(en, (1, 1))
    assert cache.file("en", (2, 1)) is None
    assert cache.entry("en", (1, 2)) is None
    pt = await build_file("pt", [b"{}"])
    cache.put(pt, (2, 1))
    assert cache.file("en", (2, 1)) is None
    assert cache.file("pt", (2, 1)) is pt

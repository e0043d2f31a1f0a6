"""Settings: defaults, overrides, and errors that say what to do."""

from pathlib import Path

import pytest

from kith_node.runtime.config import ConfigError, load_config, parse_config


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kith.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_almost_empty_file_listens_on_loopback_and_asks_before_peering(
    tmp_path: Path,
) -> None:
    config = load_config(write(tmp_path, 'domain = "kith.example"'), {})
    assert config.host_and_port == ("127.0.0.1", 8470)
    assert config.origin == "https://kith.example"
    assert config.federation.policy == "approve"
    assert config.data_dir == str((tmp_path / "data").resolve())


def test_variables_override_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'domain = "kith.example"\n[release]\ndays = 3')
    config = load_config(
        path,
        {"KITH_RELEASE__DAYS": "1", "KITH_NAME": "Linden", "KITH_CONFIG": "x", "HOME": "/"},
    )
    assert config.release.days == 1
    assert config.name == "Linden"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('domian = "x.example"', ["domian", "'x.example'", "did you mean domain"]),
        (
            'domain = "x.example"\n[release]\nday = 1',
            ["release.day", "1", "did you mean release.days"],
        ),
        ('domain = "x.example"\n[release]\ndays = "soon"', ["release.days", "'soon'", "int"]),
        (
            'domain = "x.example"\n[federation]\npolicy = "all"',
            ["federation.policy", "'all'", "enum"],
        ),
        ('domain = "x.example"\nrelease = 3', ["release", "3", "section"]),
        (
            'domain = "x.example"\ntrusted_proxies = ["proxy.example"]',
            ["trusted_proxies", "'proxy.example'", "addresses"],
        ),
        (
            'domain = "x.example"\nlanguages = ["english"]',
            ["languages", "english", "regex"],
        ),
        ('domain = ""', ["domain", "kith.example"]),
        ('domain = "x.example"\nlisten = "8470"', ["listen", "'8470'", "ADDRESS:PORT"]),
        ('domain = "x.example"\nlisten = "127.0.0.1:99999"', ["listen", "65535"]),
        ('domain = "x.example:1"', ["domain", "'x.example:1'", "port"]),
        ('domain = "x.example"\ndevelopment = true', ["development", "loopback", "false"]),
        (
            'domain = "localhost:1"\ndevelopment = true\nlisten = "0.0.0.0:1"',
            ["development", "0.0.0.0", "loopback"],
        ),
        (
            'domain = "x.example"\nclock_offset_days = 2',
            ["clock_offset_days", "2", "development"],
        ),
        ("domain = ", ["not valid TOML"]),
    ],
)
def test_a_bad_setting_is_one_line_with_key_value_and_remedy(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text), {})
    line = str(caught.value)
    assert "\n" not in line
    for part in parts:
        assert part in line


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kith init"):
        load_config(tmp_path / "none.toml", {})


def test_every_setting_has_a_heading_in_the_documentation() -> None:
    import msgspec

    from kith_node.runtime.config import Config

    text = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    for field in msgspec.structs.fields(Config):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            for inner in msgspec.structs.fields(field.type):
                assert f"### `{field.name}.{inner.name}`" in text
        else:
            assert f"### `{field.name}`" in text


def test_development_on_loopback_speaks_http() -> None:
    config = parse_config({"domain": "localhost:8471", "development": True})
    assert config.origin == "http://localhost:8471"


def test_a_variable_below_a_plain_setting_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, 'domain = "kith.example"\nname = "Linden"')
    with pytest.raises(ConfigError, match="KITH_NAME__X"):
        load_config(path, {"KITH_NAME__X": "1"})

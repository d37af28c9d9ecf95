import tomllib

import pytest

from selfinstruct.api.settings import load_config
from selfinstruct.config import Config, parse_config, parse_settings, to_toml
from selfinstruct.errors import ConfigError
from selfinstruct.system.files import bundled, read_text


def error_of(text: str, **overrides: object) -> str:
    with pytest.raises(ConfigError) as raised:
        parse_config(text, "my.toml", overrides)
    return str(raised.value)


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() -> None:
    assert error_of("[run]\nname = 'a'\n\n[generate]\nwindw = 3\n") == (
        "my.toml:5: [generate.windw]: unknown key; did you mean `window`?"
    )
    assert "did you mean `teacher`?" in error_of("[techer]\nmodel = 'x'\n")
    assert "known keys: disable" in error_of("[validate]\nxyz = 1\n")


def test_an_unknown_rule_is_named_with_its_line_and_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config("[validate]\ndisable = ['refusals']\n", "my.toml", rules=("too_short", "refusal"))

    assert str(raised.value) == "my.toml:2: [validate.disable]: unknown rule `refusals`; did you mean `refusal`?"


def test_a_rule_is_disabled_for_both_languages_or_for_one() -> None:
    assert parse_config("[validate]\ndisable = ['refusal']\n", "x").validate_.disable["zh"] == ("refusal",)
    config = parse_config("[validate]\ndisable = { zh = ['refusal'] }\n", "x")
    assert (config.validate_.disable["en"], config.validate_.disable["zh"]) == ((), ("refusal",))


def test_a_licence_with_a_slip_is_named_with_the_nearest_known_one() -> None:
    assert error_of("[run]\nname = 'a'\nlicence = 'apach-2.0'\n").startswith(
        "my.toml:3: [run.licence]: unknown licence; did you mean `apache-2.0`?"
    )
    assert "my.toml:2: [run.licence]: write an identifier of the Hub" in error_of("[run]\nlicence = 'other'\n")


def test_a_wrong_value_is_named_with_its_line() -> None:
    assert error_of("[limits]\nconcurrency = 0\n").startswith("my.toml:2: [limits.concurrency]: ")
    assert "my.toml:2" in error_of("[target]\nfr = 3\n")
    assert "at least 0" in error_of("[target]\nen = -1\n")


def test_one_value_where_a_list_is_wanted_is_shown_with_its_brackets() -> None:
    with pytest.raises(
        ConfigError, match=r'c\.toml:2: \[validate\.exclude\]: must be a list; .* exclude = \["0123456789abcdef"\]'
    ):
        parse_config('[validate]\nexclude = "0123456789abcdef"\n', "c.toml")


def test_a_wrong_flag_is_named_as_the_flag() -> None:
    assert error_of("", **{"limits.budget_usd": "much"}).startswith("--budget-usd: ")


def test_text_that_is_not_toml_is_refused_with_its_place() -> None:
    assert "my.toml: not valid TOML" in error_of("[run\n")
    assert "my.toml: not valid TOML: nested too deeply" in error_of("a = " + "[" * 5_000 + "]" * 5_000)
    assert "my.toml: not valid TOML" in error_of("[run]\nseed = " + "9" * 5_000)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("kind = openai", 'a text wants quotation marks: kind = "..."'),
        ("api_key_env = sk-abc  # mine", 'a text wants quotation marks: api_key_env = "..."'),
        ("held_out = [./a.jsonl]", 'a text wants quotation marks: "..."'),
        ("price = { input = free }", 'a text wants quotation marks: input = "..."'),
        ("stream = True", "write true"),
        ("temperature = .5", "write 0.5"),
        ("model = ", "write a value"),
    ],
)
def test_a_value_that_toml_does_not_take_has_its_remedy(line: str, told: str) -> None:
    said = error_of(f"[teacher]\n{line}\n")
    assert said.startswith("my.toml: not valid TOML: Invalid value (at line 2, column ")
    assert said.endswith(f"; {told}")


def test_a_key_of_very_many_parts_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(ConfigError, match=r"a\.toml:2: has more than 100 dots"):
        parse_config("[run]\n" + "a." * 50_000 + "a = 1\n", "a.toml", {}, ())
    with pytest.raises(ConfigError, match="more than 262,144 characters"):
        parse_config("#" * 300_000, "a.toml", {}, ())


def test_of_very_many_unknown_keys_the_first_are_named_and_the_rest_are_counted() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config("".join(f"k{number} = 1\n" for number in range(500)), "a.toml", {}, ())
    assert len(str(caught.value).splitlines()) == 21
    assert str(caught.value).endswith("a.toml: 480 more")


def test_a_section_that_is_none_is_refused_also_where_a_flag_sets_a_key_of_it() -> None:
    assert "my.toml:1: [teacher]" in error_of("teacher = 3\n", **{"teacher.model": "m"})
    assert "my.toml:1: [target]" in error_of("target = 3\n", **{"target.en": 9})
    with pytest.raises(ConfigError, match=r"\[teacher\]"):
        parse_settings({"teacher": {"model": "m"}}, "teacher = 3", "my.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[finetune]\nepochs = inf\n",
        "[teacher]\ntemperature = nan\n",
        "[teacher]\nextra = { a = nan }\n",
        "[teacher]\nextra = { a = 2020-01-01 }\n",
        '[run]\nseeds = "a\\u0000b"\n',
        f'[run]\nprompts = "{"y" * 300}"\n',
        '[teacher]\nkind = "openai"\nbase_url = "https://["\n',
        '[teacher]\nkind = "openai"\nbase_url = "https://a:b/v1"\n',
    ],
)
def test_a_value_that_nothing_can_be_done_with_is_refused_where_it_stands(text: str) -> None:
    assert error_of(text).startswith("my.toml:")


@pytest.mark.parametrize("price", ["-1", "much", "inf", "NaN"])
def test_a_price_is_a_decimal_of_at_least_zero(price: str) -> None:
    assert "must be a number of at least 0" in error_of(f'[teacher]\nprice = {{ input = "{price}", output = "1" }}\n')


@pytest.mark.parametrize("url", ["https://me:secret@api.example.com/v1", "http://api.example.com/v1", "ftp://x/v1"])
def test_an_unsafe_address_is_refused_and_not_repeated(url: str) -> None:
    message = error_of(f'[teacher]\nkind = "openai"\nbase_url = "{url}"\n')
    assert "[teacher.base_url]" in message
    assert "secret" not in message


def test_flags_beat_the_file_and_the_file_beats_the_defaults() -> None:
    config = parse_config("[run]\nseed = 7\nname = 'a'\n", "my.toml", {"run.name": "b"})
    assert (config.run.seed, config.run.name, config.generate.window) == (7, "b", 64)


def test_one_threshold_is_for_both_languages() -> None:
    assert parse_config("[filter]\nthreshold = 0.6\n", "x").filter.threshold.zh == 0.6
    config = parse_config("[filter]\nthreshold = { zh = 0.5 }\n", "x")
    assert (config.filter.threshold.en, config.filter.threshold.zh) == (0.7, 0.5)


@pytest.mark.parametrize("value", ['"0.7x"', "[0.7]", "true"])
def test_a_threshold_that_is_none_has_its_remedy(value: str) -> None:
    assert error_of(f"[filter]\nthreshold = {value}\n") == (
        "my.toml:2: [filter.threshold]: must be a number from 0 to 1, or a table of languages: { en = 0.7, zh = 0.7 }"
    )


def test_one_probability_is_for_both_languages_and_a_language_that_is_not_named_has_the_default() -> None:
    assert parse_config("[generate]\nsure = 0.7\n", "x").generate.sure_of("zh") == 0.7
    generate = parse_config("[generate]\nsure = { zh = 0.95 }\n", "x").generate
    assert (generate.sure_of("en"), generate.sure_of("zh")) == (0.6, 0.95)


@pytest.mark.parametrize("value", ['"0.7x"', "[0.7]", "true", "1.1", "{ en = 2 }", "{ fr = 0.5 }"])
def test_a_probability_that_is_none_has_its_remedy(value: str) -> None:
    assert error_of(f"[generate]\nsure = {value}\n") == (
        "my.toml:2: [generate.sure]: must be a number from 0 to 1, or a table of languages: { en = 0.6, zh = 0.9 }"
    )


def test_the_recipe_follows_the_teacher() -> None:
    assert parse_config("", "x").recipe == "steered"
    assert parse_config('[teacher]\nkind = "openai"\n', "x").recipe == "batch"
    assert parse_config('[generate]\nrecipe = "batch"\n', "x").recipe == "batch"


@pytest.mark.parametrize("written", ["7.1", "'7.1'"])
def test_a_rate_for_cny_is_a_number_or_text_and_leaves_no_trace_where_it_is_not_set(written: str) -> None:
    config = parse_config(f"[limits]\ncny_per_usd = {written}\n", "x")
    assert config.limits.cny_per_usd == "7.1"
    assert parse_config(to_toml(config), "lock") == config
    assert config.fingerprint({}) == Config().fingerprint({})
    assert "cny" not in to_toml(Config())
    assert to_toml(Config()) == to_toml(config).replace('cny_per_usd = "7.1"\n', "")


@pytest.mark.parametrize("wrong", ["0", "-1", "'seven'", "true", "'inf'"])
def test_a_rate_for_cny_that_is_none_is_refused(wrong: str) -> None:
    assert error_of(f"[limits]\ncny_per_usd = {wrong}\n").startswith("my.toml:2: [limits.cny_per_usd]: ")


def test_limits_and_places_do_not_change_the_fingerprint_and_all_else_does() -> None:
    def fingerprint(text: str, sources: dict[str, str] | None = None) -> str:
        return parse_config(text, "x").fingerprint(sources or {"seed_tasks/en.jsonl": "a"})

    base = fingerprint("")
    for same in (
        "[limits]\nconcurrency = 3\nbudget_usd = '1'\n",
        "[run]\nseeds = 'elsewhere'\nname = 'other'\n",
        "[finetune]\nepochs = 9\n",
    ):
        assert fingerprint(same) == base
    for other in (
        "[run]\nseed = 1\n",
        "[target]\nen = 13\nzh = 12\n",
        "[teacher]\ntemperature = 0.3\n",
        "[generate]\nwindow = 8\n",
        "[filter]\nthreshold = 0.71\n",
        "[validate]\ndisable = ['refusal']\n",
    ):
        assert fingerprint(other) != base
    assert fingerprint("", {"seed_tasks/en.jsonl": "b"}) != base


def test_the_lock_file_reads_back_as_the_same_configuration() -> None:
    text = "[teacher]\nextra = { min_p = 0.05, stop = ['a', 'b'] }\nprice = { input = '1', output = '2' }\n[target]\nzh = 3\n"
    config = parse_config(text, "x")
    assert parse_config(to_toml(config), "lock") == config


def test_the_shipped_configuration_is_valid() -> None:
    text = read_text(bundled("selfinstruct.toml"))
    assert parse_config(text, "selfinstruct.toml").target == {"en": 12, "zh": 12}
    assert set(tomllib.loads(text)) <= {field.alias or name for name, field in Config.model_fields.items()}


@pytest.mark.parametrize(
    ("name", "good"), [("演示", True), ("a.b-1", True), ("../x", False), (".x", False), ("", False)]
)
def test_a_run_may_have_a_chinese_name_and_no_path(name: str, good: bool) -> None:
    text = f"[run]\nname = '{name}'\n"
    if good:
        assert parse_config(text, "my.toml").run.name == name
    else:
        assert "letters, digits" in error_of(text)


@pytest.mark.parametrize("amount", ["一块", "a lot", "-1"])
def test_an_amount_on_the_command_line_that_is_none_gets_advice_that_fits_there(amount: str) -> None:
    with pytest.raises(ConfigError, match="--budget-usd: must be a number of at least 0"):
        load_config(None, {"limits.budget_usd": amount})

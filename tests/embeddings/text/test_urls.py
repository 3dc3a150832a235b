import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InvalidInput
from embeddings.text.article import Article
from embeddings.text.urls import canonical_url

PAGE = "https://example.org/story"


OTHERS = [
    *[f"{PAGE}?{name}=1" for name in ("ref", "source", "campaign", "id", "page", "session", "uid", "keyword", "cid")],
    *[f"{PAGE}#/a", f"{PAGE}#!a", f"{PAGE}#/b", f"{PAGE}?12345", f"{PAGE}?54321", f"{PAGE}?a=", f"{PAGE}?a"],
    *[f"{PAGE}?a=1&b=2", f"{PAGE}?b=2&a=1", f"{PAGE}?a=b+c", f"{PAGE}?a=b%20c", f"{PAGE}?a=b%26c=d", f"{PAGE}?a=b&c=d"],
    *["http://example.org/story", "https://example.org/Story", "https://example.org//story", f"{PAGE}/", f"{PAGE};a"],
    *["https://example.org:8443/story", "https://www.example.org/story", "https://me@example.org/story"],
    *[f"{PAGE}%3Ba", f"{PAGE}?utm=1", f"{PAGE}?my_gclid=1"],
]
SAME = [
    *[f"{PAGE}#comments", f"{PAGE}#:~:text=US", f"{PAGE}#", f"{PAGE}?", "HTTPS://Example.ORG:443/story"],
    *[f"{PAGE}?{name}=x" for name in ("utm_source", "UTM_Medium", "fbclid", "gclid", "msclkid", "mc_eid", "_ga")],
    f"{PAGE}?utm_source=a&utm_campaign=b&fbclid=c#top",
]


def test_different_pages_have_different_canonical_urls() -> None:
    assert PAGE not in OTHERS
    for other in OTHERS:
        assert canonical_url(other) == other
        assert Article.create("x", url=other).id != Article.create("x", url=PAGE).id, other


def test_tracking_parameters_and_positions_do_not_change_the_canonical_url() -> None:
    for other in SAME:
        assert canonical_url(other) == PAGE, other
        assert Article.create("x", url=other).id == Article.create("x", url=PAGE).id, other


def test_other_parameters_are_kept_beside_a_tracking_parameter() -> None:
    assert canonical_url(f"{PAGE}?b=2&utm_source=x&a=1&a=0#/part:~:text=US") == f"{PAGE}?b=2&a=1&a=0#/part"


@pytest.mark.parametrize("other", ["http://xn--bcher-kva.example/%C3%A9", "http://BÜCHER.example/é"])
def test_non_ascii_characters_have_one_canonical_form(other: str) -> None:
    assert canonical_url(other) == "http://bücher.example/%C3%A9"


@given(st.text(st.sampled_from("ab/?&=#!:.%@[]é \u200b😀"), max_size=30))
def test_a_canonical_url_is_its_own_canonical_form(rest: str) -> None:
    try:
        once = canonical_url(f"https://example.org/{rest}")
    except ValueError:
        with pytest.raises(InvalidInput):
            Article.create("x", url=f"https://example.org/{rest}")
    else:
        assert canonical_url(once) == once

import random
import time
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.addresses import Book, Entry, Kind, client_address, normal, place_of
from faraday_app.core.addresses.rules import network_of
from faraday_app.core.ids import new_id
from faraday_app.core.settings import settings

V4 = st.ip_addresses(v=4).map(str)
ANY = st.one_of(V4, st.ip_addresses(v=6).map(str))
NARROW = st.builds(lambda last, bits: f"10.0.0.{last}/{bits}", st.integers(0, 255), st.integers(20, 32))
NETWORKS = st.one_of(
    NARROW,
    st.builds(lambda address, bits: f"{address}/{bits}", V4, st.integers(1, 32)),
    st.builds(lambda address, bits: f"{address}/{bits}", st.ip_addresses(v=6), st.integers(1, 128)),
)


def _entry(kind: Kind, what: str, **options: object) -> Entry:
    return Entry(new_id(), kind, what, **options)  # type: ignore[arg-type]


@pytest.fixture
def proxies(monkeypatch):
    def trust(count: int) -> None:
        monkeypatch.setattr(settings(), "trusted_proxies", count)

    return trust


class TestClientAddress:
    def test_does_not_believe_what_a_caller_forwards(self, proxies):
        proxies(0)
        assert client_address({"x-forwarded-for": "203.0.113.9"}, "198.51.100.1") == "198.51.100.1"

    def test_believes_as_many_proxies_as_are_configured_and_no_more(self, proxies):
        proxies(1)
        assert client_address({"x-forwarded-for": "10.9.9.9, 203.0.113.9"}, "127.0.0.1") == "203.0.113.9"
        proxies(2)
        assert client_address({"x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.2"}, "127.0.0.1") == "203.0.113.9"

    @pytest.mark.parametrize("forwarded", ["", "nonsense", ",,,", "203.0.113.9, \x00", "' or 1=1", "::gg"])
    def test_falls_back_to_the_peer(self, proxies, forwarded):
        proxies(1)
        assert client_address({"x-forwarded-for": forwarded}, "127.0.0.1") == "127.0.0.1"

    def test_spells_an_address_one_way(self):
        assert normal("::ffff:203.0.113.9") == "203.0.113.9"
        assert normal("[2001:DB8::1]:443") == "2001:db8::1"
        assert normal("203.0.113.9:1234") == "203.0.113.9"
        assert normal("fe80::1%eth0") == "fe80::1"

    @given(st.text(max_size=60))
    def test_survives_anything(self, text):
        assert client_address({"x-forwarded-for": text}, text) == normal(text)
        network_of(text)
        place_of(text)
        Book.of([_entry(Kind.block, "10.0.0.0/8")]).verdict(text, 0.0)

    def test_counts_ipv6_by_what_one_subscriber_has(self):
        assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
        assert place_of("203.0.113.9") == "203.0.113.9"


class TestVerdict:
    @given(
        st.lists(st.tuples(st.sampled_from(Kind), NETWORKS), max_size=25),
        st.one_of(ANY, NARROW.map(lambda n: n.partition("/")[0])),
    )
    def test_is_what_looking_at_every_rule_would_say(self, rules, address):
        found = ip_address(address)
        found = getattr(found, "ipv4_mapped", None) or found
        around = {
            kind
            for kind, what in rules
            if (network := network_of(what)) and network.version == found.version and found in network
        }
        book = Book.of(_entry(kind, what) for kind, what in rules)
        assert book.verdict(address, 0.0).allowed is (Kind.allow in around or Kind.block not in around)
        assert book.verdict(address, 0.0).decided is bool(around)

    def test_sees_an_ipv4_address_within_ipv6(self):
        book = Book.of([_entry(Kind.block, "203.0.113.0/24")])
        assert not book.verdict("::ffff:203.0.113.9", 0.0).allowed
        assert network_of("::ffff:203.0.113.0/120") == ip_network("203.0.113.0/24")

    def test_counts_a_rule_in_shadow_and_lets_pass(self):
        rule = _entry(Kind.block, "203.0.113.0/24", shadow=True)
        verdict = Book.of([rule]).verdict("203.0.113.9", 0.0)
        assert verdict.allowed
        assert verdict.shadows == (rule.id,)

    def test_forgets_an_expired_rule(self):
        book = Book.of([_entry(Kind.block, "203.0.113.9", until=100.0)])
        assert not book.verdict("203.0.113.9", 99.0).allowed
        assert book.verdict("203.0.113.9", 100.0).allowed

    def test_asks_countries_after_networks(self):
        book = Book.of([_entry(Kind.block, "US"), _entry(Kind.allow, "8.8.8.8")])
        assert book.verdict("8.8.8.8", 0.0).allowed
        assert not book.verdict("8.8.4.4", 0.0).allowed
        assert book.verdict("10.0.0.1", 0.0).allowed

    def test_takes_less_than_fifty_microseconds_with_ten_thousand_rules(self):
        chance = random.Random(7)
        rules = {f"{ip_address(chance.getrandbits(32))}/{chance.randint(8, 32)}" for _ in range(5_000)}
        rules |= {f"{ip_address(chance.getrandbits(128))}/{chance.randint(32, 128)}" for _ in range(5_000)}
        book = Book.of(_entry(chance.choice(list(Kind)), what) for what in rules)
        asked = [str(ip_address(chance.getrandbits(32))) for _ in range(2_000)]
        asked += [str(ip_address(chance.getrandbits(128))) for _ in range(2_000)]
        times = [min(_nanoseconds(book, address) for _ in range(3)) for address in asked]
        assert sorted(times)[int(len(times) * 0.99)] < 50_000


def _nanoseconds(book: Book, address: str) -> int:
    begun = time.thread_time_ns()
    book.verdict(address, 0.0)
    return time.thread_time_ns() - begun

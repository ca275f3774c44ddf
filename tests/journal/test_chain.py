from __future__ import annotations

from hashlib import sha256

from engine.journal.chain import FIRST, entry_hash, links, payload_digest
from engine.journal.codec import envelope_of, envelope_text
from tests.journal.build import moved, started, story


def test_the_payload_digest_is_of_salt_and_body() -> None:
    assert payload_digest(b"s" * 32, '{"note":"é"}') == sha256(b"s" * 32 + '{"note":"é"}'.encode()).digest()


def test_a_hash_is_of_the_hash_before_the_envelope_and_the_payload_digest() -> None:
    first, second = links((started(), moved("acme", 2)), FIRST)
    envelope = envelope_text(envelope_of(moved("acme", 2)))
    assert second.hash == sha256(first.hash + envelope.encode() + second.payload).digest()
    assert first.hash == entry_hash(bytes(32), envelope_text(first.envelope), first.payload)


def test_the_canonical_envelope_stays_as_it_is() -> None:
    # A change here breaks every journal that there is.
    digest = "74612ce2b9c39d2ad6d6e0263cb9e4d8653910edc8ba18f5a1d4b62e885ce4d1"
    entry = moved("Ärger \U0001f600", 2, digest=digest, deviating=True, reason='a "b"\n', key="k")
    text = envelope_text(envelope_of(entry))
    assert text == (
        '["Ärger \U0001f600",2,"moved","2026-01-01T14:00:00.000000+00:00","2026-01-01T14:00:00.000000+00:00","sales",1,'
        f'"{digest}","main","go","prospect","stage-2","","a \\"b\\"\\n","k",true,false]'
    )
    assert entry_hash(FIRST, text, FIRST).hex() == "c21727b20416008bd1b3cd8af4800c3c31b15c296b52c0c31f5b31ff7e5be09c"


def test_equal_entries_have_different_salts_and_so_different_hashes() -> None:
    one, other = links(story(), FIRST), links(story(), FIRST)
    assert len({link.salt for link in (*one, *other)}) == 10
    assert not {link.hash for link in one} & {link.hash for link in other}
    assert {len(link.salt) for link in one} == {32}

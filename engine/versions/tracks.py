"""What differs in tracks as such: codes D7xx. What is in them is told as that of the main one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.process import Track
from engine.versions.pair import Pair


def track_changes(pair: Pair) -> Iterator[Change]:
    """Tracks added, removed, or with another title."""
    old = {track.id: track for track in pair.old.tracks}
    new = {track.id: track for track in pair.new.tracks}
    for one in new.values():
        if one.id not in old:
            says = f"the track '{one.id}' is new: every deal stands in '{one.first.id}' there, and can {_does(one)}"
            yield Change("D701", Level.LOOSER, Subject.TRACKS, one.id, says, new=one.at, track=one.id)
        elif old[one.id].title != one.title:
            was = old[one.id]
            says = f"the title of the track '{one.id}' is another"
            yield Change("D703", Level.NOTE, Subject.TRACKS, one.id, says, was.at, one.at, was.title, one.title, one.id)
    for one in old.values():
        if one.id not in new:
            says = (
                f"the track '{one.id}' is gone: no deal can {_does(one)} any more, nor is known how far it came there"
            )
            yield Change("D702", Level.TIGHTER, Subject.TRACKS, one.id, says, old=one.at, track=one.id)


def _does(track: Track) -> str:
    """What can be done in it; all its actions came or went with it."""
    return " or ".join(dict.fromkeys(f"'{action.id}'" for action in track.actions)) or "do nothing"


CODES: tuple[Code, ...] = (
    Code(
        "D701",
        "a track is new",
        (Level.LOOSER,),
        "D702",
        "Its actions can be done from now on. Every deal stands in its first stage, also deals that are far ahead in "
        "the main one, so requirements that look at it refuse until it has been gone through.",
        Example(
            "tracks:\n",
            "tracks:\n  security:\n    stages: {unseen: {}, passed: {}}\n"
            "    actions: {pass-security: {from: unseen, to: passed}}\n",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D702",
        "a track is gone",
        (Level.TIGHTER,),
        "D701",
        "Its actions can no longer be done, and its requirements and approvals are gone with them. Where deals stand "
        "in it is no longer known to the new version; the journal still has it. See which requirements of other "
        "actions looked at it: each of them is told as well.",
        Example(
            """  papers:
    title: Papers
    stages: {none: {}, sent: {}}
    actions: {send-papers: {from: none, to: sent}}
""",
            "",
        ),
        "base_rest.yaml",
    ),
    Code(
        "D703",
        "a track has another title",
        (Level.NOTE,),
        "D703",
        "Only what people read is another.",
        Example("title: Papers", "title: All papers"),
        "base_rest.yaml",
    ),
)

"""Changes as one HTML page: whole, without scripts or network, with the old and the new process drawn side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.change import Change, Changes, Level
from engine.model.process import Process, Track
from engine.model.study import Study
from engine.report.changes_map import CLASSES, in_words, signed, svg
from engine.report.changes_marks import Mark, Marks, marked
from engine.report.changes_style import CSS
from engine.report.changes_words import (
    MEANS,
    Sides,
    counted,
    grouped,
    impact_study,
    level_count,
    lines,
    place_text,
    proof_says,
    title,
    unread_says,
    users,
)
from engine.report.escape import html
from engine.report.page_frame import head
from engine.report.study_page import ROOMY, section_html
from engine.report.study_text import sentence
from engine.report.widths import cut
from engine.report.wording import both, count

_LONGEST = 400
_MOST = 500
"""So many changes are told; the others are counted."""

_LEGEND = (
    (Mark.ADDED, "added: in the new version alone"),
    (Mark.REMOVED, "removed: in the old version alone (dashed)"),
    (Mark.CHANGED, "changed, or called otherwise"),
    (Mark.SAME, "as it was"),
)


def page(changes: Changes, sides: Sides) -> str:
    """The page. Of very many changes it holds the first."""
    study = impact_study(changes)
    body = [
        "<header>",
        f"<h1>{_html(title(changes))}</h1>",
        f'<p class="lead">{_html(counted(changes))}</p>',
        *([f'<p class="quiet">{_html(users(changes))}</p>'] if users(changes) else []),
        *_levels(changes),
        "</header>",
        "<main>",
        *_unread(changes),
        # The answer first, then what matters; the figures on it come before the notes, which nobody need read.
        *(_impact(study) if study else ()),
        *_pictures(changes, sides),
        *_changes(changes, sides, of=(Level.BREAK, Level.TIGHTER, Level.LOOSER)),
        *(_figures(study) if study else ()),
        *_changes(changes, sides, of=(Level.NOTE,)),
        *_untold(changes),
        *_next(changes),
        "</main>",
        '<footer class="quiet"><p>Made by stagewright.</p></footer>',
    ]
    return "\n".join([*head(cut(title(changes), _LONGEST), CSS), *body, "</body>", "</html>"]) + "\n"


def _levels(changes: Changes) -> Iterator[str]:
    if changes.changes:
        yield '<ul class="levels">'
        for level in Level:
            number = changes.count(level)
            words = level_count(level, number).partition(" ")[2]
            yield f'<li class="{level.value}"><b>{number}</b>{words}<span>{MEANS[level]}</span></li>'
        yield "</ul>"


def _unread(changes: Changes) -> Iterator[str]:
    if changes.unread:
        yield f'<aside aria-label="Not read"><p><strong>{_html(unread_says(changes))}</strong></p><ul>'
        yield from (f"<li>{_html(each)}</li>" for each in changes.unread)
        yield "</ul></aside>"


def _pictures(changes: Changes, sides: Sides) -> Iterator[str]:
    """Both versions drawn, track by track; a side track in which nothing is marked is named alone."""
    old, new = sides.old, sides.new
    if not isinstance(old, Process) or not isinstance(new, Process):
        return
    before, after, unseen = marked(changes.changes, old, new)
    yield '<section aria-labelledby="pictures"><h2 id="pictures">The old and the new process</h2>'
    signs = "".join(f'<li class="{CLASSES[mark]}"><b>{mark.value or "&#160;"}</b>{told}</li>' for mark, told in _LEGEND)
    yield f'<ul class="signs" aria-label="Signs">{signs}</ul>'
    still = []
    for i, name in enumerate(_tracks(old, new)):
        if i and not before.any_in(name) and not after.any_in(name):
            still.append(name)
            continue
        yield f"<h3>{_html(name)}</h3>" if i else ""
        yield '<div class="two">'
        yield from _picture(old, name, before, f"old-{i}")
        yield from _picture(new, name, after, f"new-{i}")
        yield "</div>"
    if still:
        yield f'<p class="quiet">Not drawn, for nothing in them is marked: {_html(both(still))}.</p>'
    if unseen:
        are = "is" if unseen == 1 else "are"
        yield f'<p class="quiet">{count(unseen, "change")} that no picture can show {are} in the list below.</p>'
    yield "</section>"


def _tracks(old: Process, new: Process) -> Sequence[str]:
    return list(dict.fromkeys(track.id for process in (old, new) for track in process.all_tracks()))


def _picture(process: Process, name: str, marks: Marks, key: str) -> Iterator[str]:
    track = process.track(name)
    yield f"<figure><figcaption>{_html(process.name)}</figcaption>"
    if track is None:
        yield f'<p class="quiet">has no track {_html(name)}</p></figure>'
        return
    yield f'<div class="wide" role="region" aria-label="{_html(process.name)}" tabindex="0">'
    yield svg(process, track, marks, id=key)
    yield "</div>"
    yield from _in_words(process, track, marks)
    yield "</figure>"


def _in_words(process: Process, track: Track, marks: Marks) -> Iterator[str]:
    notes = [signed(told, marks.action(track.id, action)) for action, told in in_words(process, track)]
    if notes:
        yield "<ul>" + "".join(f"<li>{_html(note)}</li>" for note in notes) + "</ul>"


def _changes(changes: Changes, sides: Sides, *, of: Sequence[Level]) -> Iterator[str]:
    told = 0
    for level, parts in grouped(changes):
        if level not in of:
            told += changes.count(level)
            continue
        yield f'<section class="{level.value}" aria-labelledby="{level.value}">'
        heading = f"{level_count(level, changes.count(level))}: {MEANS[level]}"
        yield f'<h2 id="{level.value}">{heading}</h2>'
        for subject, some in parts:
            shown = some[: max(_MOST - told, 0)]
            told += len(shown)
            if shown:
                yield f'<h3>{subject.value}</h3><ul class="changes">'
                for change in shown:
                    yield from _change(change, sides)
                yield "</ul>"
        yield "</section>"


def _untold(changes: Changes) -> Iterator[str]:
    if len(changes.changes) > _MOST:
        yield f'<p class="quiet">and {len(changes.changes) - _MOST:,} more; --format json has them all</p>'


def _change(change: Change, sides: Sides) -> Iterator[str]:
    yield f'<li><p><span class="code">{_html(change.code)}</span>{_html(change.says)}</p>'
    for each in proof_says(change, sides):
        yield f'<p class="so">{_html(each)}</p>'
    rows = [("was", change.old, change.before), ("now", change.new, change.after)]
    parts = []
    for label, place, written in rows:
        where = place_text(place, "")
        at = f"<code>{_html(where)}</code>" if where else ""
        body = "\n".join(_html(line) for line in lines(written))
        if at or body:
            pre = f"<pre>{body}</pre>" if body else ""
            parts.append(f"<div><dt>{label}</dt><dd>{at}{pre}</dd></div>")
    yield f"<dl>{''.join(parts)}</dl>" if parts else ""
    yield "</li>"


def _impact(study: Study) -> Iterator[str]:
    yield f'<section aria-labelledby="impact"><h2 id="impact">{_html(study.title)}</h2>'
    yield from (f'<p class="lead measure">{_html(each)}</p>' for each in study.says)
    yield "</section>"


def _figures(study: Study) -> Iterator[str]:
    """What was found on deals as tables; where there is nothing to tell, a sentence does."""
    for i, section in enumerate(study.sections):
        if section.rows:
            yield from section_html(section, study, f"s{i}", ROOMY, "--format json")
    nothing = " ".join(dict.fromkeys(sentence(section.empty) for section in study.sections if not section.rows))
    yield f'<p class="quiet">{_html(nothing)}</p>' if nothing else ""


def _next(changes: Changes) -> Iterator[str]:
    if changes.next_steps:
        yield '<section aria-labelledby="next"><h2 id="next">What to do next</h2><ul>'
        yield from (f"<li>{_html(step)}</li>" for step in changes.next_steps)
        yield "</ul></section>"


def _html(text: str) -> str:
    return html(cut(text, _LONGEST))

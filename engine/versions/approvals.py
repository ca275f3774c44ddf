"""What differs in approvals: codes D50x to D54x."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.change import Change, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.process import Action
from engine.model.rule import Approval
from engine.model.values import duration_text
from engine.versions.action_parts import roles_between
from engine.versions.kin import action_kin, stage_kin, tracks_of_both
from engine.versions.matched import alike
from engine.versions.pair import Pair
from engine.versions.relating import ALWAYS, NEVER, How, directions, new_in_later_words, old_in_later_words, related
from engine.versions.saying import named, sentence, written
from engine.versions.variants import variant_couples

Couples = list[tuple[Approval, Approval]]


def approval_changes(pair: Pair) -> Iterator[Change]:
    """What differs in who else must agree, action by action."""
    for old, new in tracks_of_both(pair):
        actions, stages = action_kin(pair, old, new), stage_kin(pair, old, new)
        for one, other in variant_couples(pair, old, new, actions, stages):
            if old.actions[one].approvals or new.actions[other].approvals:
                yield from _of_action(pair, old.id, old.actions[one], new.actions[other])


def _of_action(pair: Pair, track: str, old: Action, new: Action) -> Iterator[Change]:
    both, gone, come = _matched(pair, old.approvals, new.approvals)
    for one in come:
        says = f"'{new.id}' now needs an approval by {_who(one)}{_where(one)}: {sentence(one.says)}"
        yield _change("D501", Level.TIGHTER, says, new, track, new=one)
    for one in gone:
        says = f"a control is lost: '{new.id}' no longer needs an approval by {_who(one)}{_where(one)}"
        yield _change("D502", Level.LOOSER, f"{says}: {sentence(one.says)}", new, track, old=one)
    for before, after in both:
        yield from _by(pair, track, new, before, after)
        yield from _when(pair, track, new, before, after)
        yield from _lasts(track, new, before, after)
        if before.says != after.says and before.by == after.by and alike(before.when, after.when, pair):
            says = f"the approval of '{new.id}' is told in other words: {sentence(after.says)}"
            yield _change("D506", Level.NOTE, says, new, track, old=before, new=after, texts=(before.says, after.says))


def _matched(
    pair: Pair, olds: Sequence[Approval], news: Sequence[Approval]
) -> tuple[Couples, list[Approval], list[Approval]]:
    """Those with the same condition and roles, then the same condition, roles or words, then in order."""
    before, after, both = list(olds), list(news), []
    for step in range(5):
        for one in list(before):
            other = next((each for each in after if _fits(pair, one, each, step)), None)
            if other is not None:
                both.append((one, other))
                before.remove(one)
                after.remove(other)
    return both, before, after


def _fits(pair: Pair, old: Approval, new: Approval, step: int) -> bool:
    same_when, same_by = alike(old.when, new.when, pair), set(old.by) == set(new.by)
    return (same_when and same_by, same_by and old.says == new.says, same_when, same_by, old.says == new.says)[step]


def _by(pair: Pair, track: str, action: Action, old: Approval, new: Approval) -> Iterator[Change]:
    lost, gained = roles_between(pair, old.by, new.by) if old.by != new.by else ((), ())
    texts = (_who(old), _who(new))
    if lost:
        says = f"the approval of '{action.id}' can no longer be given by {named(lost)}, only by {_who(new)}"
        yield _change("D503", Level.TIGHTER, says, action, track, old=old, new=new, texts=texts)
    if gained:
        says = f"the approval of '{action.id}' can now be given by {named(gained)} too, before by {_who(old)}"
        yield _change("D503", Level.LOOSER, says, action, track, old=old, new=new, texts=texts)


def _when(pair: Pair, track: str, action: Action, old: Approval, new: Approval) -> Iterator[Change]:
    """An approval is needed unless ``when`` is false: what passes without one is what the two differ in."""
    before = old_in_later_words(old.when.tree, pair) if old.when else ALWAYS
    after = new_in_later_words(new.when.tree, pair) if new.when else ALWAYS
    proof = related((before, NEVER), (after, NEVER), pair)
    if proof is None or proof.relation is Relation.SAME:
        return
    texts = (written(old.when), written(new.when))
    now = f"where {texts[1]}" if new.when else "always"
    then = f"where {texts[0]}" if old.when else "always"
    for level, how in directions(proof):
        says = f"'{action.id}' {_NEEDED[level, how].format(_who(new))}: {now}, before {then}"
        yield _change("D504", level, says, action, track, old=old, new=new, texts=texts, proof=proof)


_NEEDED = {
    (Level.TIGHTER, How.ALONE): "needs the approval by {} for more deals",
    (Level.LOOSER, How.ALONE): "needs the approval by {} for fewer deals",
    (Level.TIGHTER, How.TOO): "needs the approval by {} for deals that needed none",
    (Level.LOOSER, How.TOO): "no longer needs the approval by {} for some deals",
    (Level.TIGHTER, How.PERHAPS): "may need the approval by {} for deals that needed none, nobody can tell",
    (Level.LOOSER, How.PERHAPS): "may no longer need the approval by {} for some deals, nobody can tell",
}


def _lasts(track: str, action: Action, old: Approval, new: Approval) -> Iterator[Change]:
    if old.lasts == new.lasts:
        return
    texts = tuple(duration_text(one.lasts) if one.lasts else "no end" for one in (old, new))
    shorter = new.lasts is not None and (old.lasts is None or new.lasts < old.lasts)
    level = Level.TIGHTER if shorter else Level.LOOSER
    says = f"an approval of '{action.id}' now counts {_for(texts[1])}, before {_for(texts[0])}"
    yield _change("D505", level, says, action, track, old=old, new=new, texts=(texts[0], texts[1]))


def _for(time: str) -> str:
    return "without end" if time == "no end" else f"for {time}"


def _who(approval: Approval) -> str:
    return " or ".join(approval.by)


def _where(approval: Approval) -> str:
    return f" where {written(approval.when)}" if approval.when else ""


def _change(
    code: str,
    level: Level,
    says: str,
    action: Action,
    track: str,
    *,
    old: Approval | None = None,
    new: Approval | None = None,
    texts: tuple[str, str] | None = None,
    proof: Proof | None = None,
) -> Change:
    approval = new or old
    thing = approval.id if approval else action.id
    if track != MAIN:
        thing = f"{track}/{thing}"
    before, after = texts or (_text(old), _text(new))
    places = (old.at if old else None, new.at if new else None)
    return Change(code, level, Subject.APPROVALS, thing, says, *places, before, after, track, proof)


def _text(approval: Approval | None) -> str:
    return f"by {_who(approval)}{_where(approval)}" if approval else ""

"""What must hold after every crash: nothing acknowledged is lost, nothing is there by half.

Every check answers with faults in words, none if all is well. They read the database as it lies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from crash_writers import Form, Notebook
from django.conf import settings
from django.db.models import Count, Max, QuerySet

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry as AuditRow
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.facts import ENROLMENT_SOURCE
from gongyu.ground.people.models import Child, Enrolment, RosterImport
from gongyu.ground.seal.heads import HeadsUnreadable, read_heads
from gongyu.ground.seal.sealing import own_copy, seal_tables, verification_key
from gongyu.ground.seal.verify import verify
from gongyu.indicators.actions import refresh
from gongyu.indicators.models import Figure, Refresh
from gongyu.indicators.publishing import current_refresh
from gongyu.records.m01_home_school_contact.facts import VISIT_SOURCE
from gongyu.records.m01_home_school_contact.models import Link, Proposal, Visit, VisitChild
from gongyu.records.m01_home_school_contact.states import LIVE_PROPOSALS
from gongyu.shared_work.registers.facts import ENTRY_SOURCE
from gongyu.shared_work.registers.models import Entry as RegisterEntry

Faults = list[str]
SHOWN = 5


def half_records(since_audit: int) -> Faults:
    """Records without their fact or audit row, and facts or audit rows without their record.
    `since_audit` is the last audit row from before the trials, which were filled in bulk."""
    return [
        *_visits_and_their_facts(),
        *_visits_and_their_audit(since_audit),
        *_enrolments(),
        *_registers(since_audit),
        *_proposals(since_audit),
        *_figures(),
    ]


def acknowledged_are_there(notes: Notebook) -> Faults:
    """Every form that was acknowledged is in the database, once, with its audit row."""
    by_kind: dict[str, list[Form]] = defaultdict(list)
    for form in notes.acknowledged:
        by_kind[form.kind].append(form)
    return [fault for kind, forms in by_kind.items() for fault in _THERE[kind](forms)]


def sent_again_are_once(notes: Notebook) -> Faults:
    """What was lost and sent again is there at most once, and visits exactly once."""
    lost = defaultdict(list)
    for form in notes.lost:
        lost[form.kind].append(form)
    faults = _visits_there([*lost["visit"]])
    faults += _once("correction", _visit_keys(lost["correction"]), at_least=0)
    titles = [form.about["title"] for form in lost["register"]]
    found = Counter(RegisterEntry.objects.filter(title__in=titles).values_list("title", flat=True))
    return faults + _once("register entry", {title: found[title] for title in titles})


def imports_are_whole() -> Faults:
    """An import is done, with its audit row and all its children, or nothing of it is there. The
    large roster moves the same children together: they are in one class or not there."""
    faults = []
    done = RosterImport.objects.filter(status="done").values_list("pk", flat=True)
    told = Counter(
        AuditRow.objects.filter(verb="roster.import").values_list("subject_id", flat=True)
    )
    faults += _some("imports are done without one audit row", [p for p in done if told[p] != 1])
    faults += _some("imports have an audit row and are not done", set(told) - set(done))
    here = Enrolment.objects.filter(until_on=None)
    classes = here.filter(child__name__endswith="甲").values("school_class").distinct().count()
    if classes > 1:
        faults.append(f"The children of the large roster are in {classes} classes.")
    sizes: Counter = Counter()
    for name in Child.objects.filter(name__contains="乙").values_list("name", flat=True):
        sizes[name[-2:]] += 1
    return faults + _some(
        "small rosters are there by half", [t for t, n in sizes.items() if n != 12]
    )


def stuck_imports() -> list[RosterImport]:
    """Imports that wait for work."""
    return list(RosterImport.objects.filter(status__in=("uploaded", "confirmed", "running")))


def sequences_have_no_gaps() -> Faults:
    """On SQLite numbers roll back with their rows, so a gap is a loss. (PostgreSQL's do not.)"""
    faults = []
    for model in (AuditRow, Fact):
        found = model.objects.aggregate(last=Max("seq"), rows=Count("seq"))
        if found["last"] != found["rows"]:
            faults.append(f"{model._meta.db_table}: {found['rows']} rows up to {found['last']}.")
    return faults


def seals_hold() -> Faults:
    """What was sealed verifies; what was not is sealed now, and verifies too."""
    heads, faults = settings.HEADS_FOLDER, []
    for again in (False, True):
        try:
            report = verify(own_copy(), read_heads(heads), verification_key())
        except HeadsUnreadable as error:
            # Half a line may be left by a process that was killed; sealing mends it.
            if again:
                return [str(error)]
        else:
            faults += [f.text for table in report.tables for f in table.faults]
        if not again:
            seal_tables([AuditRow, Fact], heads)
    return faults


def figures_are_those_of_the_ledger() -> Faults:
    """What the worker showed last is what a refresh in peace finds."""
    before = current_refresh()
    shown = _values(before)
    after = _values(refresh(before.as_of, by=SYSTEM, from_nothing=True))
    differing = {key for key in shown.keys() | after.keys() if shown.get(key) != after.get(key)}
    return _some("figures differ from those of the ledger", differing)


def _values(of: Refresh) -> dict[tuple, tuple]:
    named = [f.attname for f in Figure._meta.concrete_fields if f.name not in {"id", "refresh"}]
    keys = ("duty", "period_key", "place_id")
    rows = Figure.objects.filter(refresh=of).values(*named)
    return {
        tuple(row[k] for k in keys): tuple(row[n] for n in named if n not in keys) for row in rows
    }


def _visits_and_their_facts() -> Faults:
    rows = set(VisitChild.objects.values_list("pk", flat=True))
    facts = Fact.objects.filter(source_model=VISIT_SOURCE)
    proven = set(facts.values_list("source_id", flat=True))
    counting = _standing(facts).filter(quantity__gt=0).values_list("source_id", flat=True)
    standing = VisitChild.objects.filter(visit__status="standing").values_list("pk", flat=True)
    alone = Visit.objects.filter(children=None).values_list("pk", flat=True)
    return [
        *_some("visits have no child", alone),
        *_some("children of visits have no fact", rows - proven),
        *_some("facts speak of visits that are not there", proven - rows),
        *_not_once("standing visits do not count once", standing, counting),
        *_some("ended visits still count", set(counting) - set(standing)),
    ]


def _visits_and_their_audit(since: int) -> Faults:
    verbs = ("visit.record", "visit.correct")
    told = AuditRow.objects.filter(verb__in=verbs, seq__gt=since)
    spoken = {detail["visit"] for detail in told.values_list("detail", flat=True)}
    there = set(Visit.objects.values_list("pk", flat=True))
    return [
        *_some("visits have no audit row", there - spoken),
        *_some("audit rows speak of visits that are not there", spoken - there),
    ]


def _enrolments() -> Faults:
    rows = set(Enrolment.objects.values_list("pk", flat=True))
    facts = Fact.objects.filter(source_model=ENROLMENT_SOURCE)
    standing = {
        source: (place, until)
        for source, place, until in _standing(facts).values_list(
            "source_id", "place_id", "until_date"
        )
    }
    now = {e.pk: (e.school_class_id, e.until_on) for e in Enrolment.objects.all()}
    return [
        *_some("enrolments have no fact", rows - set(standing)),
        *_some("facts speak of enrolments that are not there", set(standing) - rows),
        *_some("enrolments differ from their fact", [p for p in rows if standing.get(p) != now[p]]),
    ]


def _registers(since: int) -> Faults:
    rows = set(RegisterEntry.objects.values_list("pk", flat=True))
    facts = Fact.objects.filter(source_model=ENTRY_SOURCE, kind="register.valid")
    told = AuditRow.objects.filter(verb="register.enter", seq__gt=since)
    return [
        *_same("register entries and facts", rows, facts.values_list("source_id", flat=True)),
        *_same("register entries and audit rows", rows, told.values_list("subject_id", flat=True)),
    ]


def _proposals(since: int) -> Faults:
    there = set(Proposal.objects.values_list("pk", flat=True))
    told = AuditRow.objects.filter(verb="visit.propose", seq__gt=since)
    empty = Proposal.objects.filter(children=None) | Proposal.objects.filter(times=None)
    twice = (
        Proposal.objects.filter(status__in=LIVE_PROPOSALS)
        .values("children")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .values_list("children", flat=True)
    )
    used = Link.objects.filter(used_at__isnull=False).values_list("proposal", flat=True)
    unanswered = Proposal.objects.filter(pk__in=used, answered_at=None).values_list("pk", flat=True)
    return [
        *_same("proposals and audit rows", there, told.values_list("subject_id", flat=True)),
        *_some("proposals have no child or no time", empty.values_list("pk", flat=True)),
        *_some("children are asked twice at once", twice),
        *_some("links are used and the answer is not there", unanswered),
    ]


def _figures() -> Faults:
    finished = Refresh.objects.filter(finished_at__isnull=False)
    counted = finished.annotate(rows=Count("figures"))
    half = Refresh.objects.filter(finished_at=None).annotate(rows=Count("figures"))
    told = AuditRow.objects.filter(verb="figures.refresh").values_list("subject_id", flat=True)
    return [
        *_some("refreshes are finished without figures", _ids(counted.filter(rows=0))),
        *_some("refreshes are unfinished and have figures", _ids(half.filter(rows__gt=0))),
        *_some("refreshes have no audit row", set(_ids(finished)) - set(told)),
    ]


def _visit_keys(forms: Iterable[Form]) -> dict[tuple, int]:
    wanted = [(form.about["staff"], form.about["key"]) for form in forms]
    found = Counter(
        Visit.objects.filter(key__in=[key for _staff, key in wanted]).values_list(
            "recorded_by", "key"
        )
    )
    return {one: found[one] for one in wanted}


def _visits_there(forms: list[Form]) -> Faults:
    return _once("visit", _visit_keys(forms))


def _registers_there(forms: list[Form]) -> Faults:
    titles = [form.about["title"] for form in forms]
    found = Counter(RegisterEntry.objects.filter(title__in=titles).values_list("title", flat=True))
    return _once("register entry", {title: found[title] for title in titles})


def _proposals_there(forms: list[Form]) -> Faults:
    made = [int(form.about["where"].rstrip("/").rpartition("/")[2]) for form in forms]
    there = set(Proposal.objects.filter(pk__in=made).values_list("pk", flat=True))
    return _some("acknowledged proposals are lost", set(made) - there)


def _withdrawn(forms: list[Form]) -> Faults:
    gone = [form.about["pk"] for form in forms]
    mine = Proposal.objects.filter(pk__in=gone)
    # A proposal that was over already is not withdrawn; the page says so and leads on as well.
    told = AuditRow.objects.filter(verb="visit.withdraw", subject_id__in=gone)
    return [
        *_some("acknowledged withdrawals are lost", _ids(mine.filter(status__in=LIVE_PROPOSALS))),
        *_same(
            "withdrawals and audit rows",
            _ids(mine.filter(status="withdrawn")),
            told.values_list("subject_id", flat=True),
        ),
    ]


def _answered(forms: list[Form]) -> Faults:
    asked = [form.about["pk"] for form in forms]
    there = Proposal.objects.filter(pk__in=asked, answered_at__isnull=False)
    told = AuditRow.objects.filter(verb="visit.answer", subject_id__in=asked)
    return [
        *_some("acknowledged answers are lost", set(asked) - set(_ids(there))),
        *_some("answers have no audit row", set(asked) - {row.subject_id for row in told}),
    ]


def _uploaded(forms: list[Form]) -> Faults:
    made = [int(form.about["where"].strip("/").rpartition("/")[2]) for form in forms]
    there = _ids(RosterImport.objects.filter(pk__in=made))
    return _some("acknowledged uploads are lost", set(made) - set(there))


def _confirmed(forms: list[Form]) -> Faults:
    asked = {form.about["pk"] for form in forms}
    told = AuditRow.objects.filter(verb="roster.confirm", subject_id__in=asked)
    said = {row.subject_id for row in told}
    # A preview that had to be made anew waits for a new confirmation.
    back = set(_ids(RosterImport.objects.filter(pk__in=asked, status="ready")))
    return _some("acknowledged confirmations are lost", asked - said - back)


def _imported(forms: list[Form]) -> Faults:
    asked = {form.about["pk"] for form in forms}
    done = set(_ids(RosterImport.objects.filter(pk__in=asked, status="done")))
    return _some("imports that were shown as done are not", asked - done)


_THERE = {
    "visit": _visits_there,
    "correction": _visits_there,
    "proposal": _proposals_there,
    "withdrawal": _withdrawn,
    "answer": _answered,
    "register": _registers_there,
    "upload": _uploaded,
    "confirmation": _confirmed,
    "import": _imported,
}


def _standing(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    superseded = Fact.objects.filter(supersedes_id__isnull=False).values("supersedes_id")
    return facts.exclude(seq__in=superseded)


def _ids(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _some(words: str, which: Iterable) -> Faults:
    found = sorted(which, key=str)
    return [f"{len(found)} {words}: {found[:SHOWN]}"] if found else []


def _same(words: str, left: Iterable, right: Iterable) -> Faults:
    one, other = Counter(left), Counter(right)
    return _some(f"{words} do not match", ((one - other) + (other - one)).elements())


def _not_once(words: str, wanted: Iterable[int], found: Iterable[int]) -> Faults:
    times = Counter(found)
    return _some(words, [one for one in wanted if times[one] != 1])


def _once(words: str, times: dict, *, at_least: int = 1) -> Faults:
    return [
        *_some(f"acknowledged {words} lost", [o for o, n in times.items() if n < at_least]),
        *_some(f"{words} twice", [o for o, n in times.items() if n > 1]),
    ]

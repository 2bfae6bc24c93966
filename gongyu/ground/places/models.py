"""Places: city, districts, towns, communities, departments, schools, campuses, classes, venues.

One tree of intervals: where a place stood on a day is a placement, not a column.
"""

from django.db import models
from django.db.models import Q

from gongyu.ground.calendar.intervals import Held, HeldQuerySet


class Place(Held):
    """A place that exists from a day until a day. A unit whose code changes is a new place."""

    class Kind(models.TextChoices):
        CITY = "city", "市"
        DISTRICT = "district", "区县"
        TOWN = "town", "乡镇街道"
        COMMUNITY = "community", "村居"
        DEPARTMENT = "department", "部门"
        SCHOOL = "school", "学校"
        CAMPUS = "campus", "校区"
        CLASS = "class", "班级"
        VENUE = "venue", "场馆"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    initials = models.CharField("拼音首字母", max_length=80, blank=True)
    # 居 or 村 for a community (reading P6), empty for every other kind.
    urban_kind = models.CharField("城乡类别", max_length=2, blank=True)
    source = models.CharField("来源", max_length=120, blank=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, related_name="successors", through="Succession", blank=True
    )

    class Meta(Held.Meta):
        verbose_name = "地点"
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "code", "from_on"], name="places_place_one_version_a_day"
            ),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=Q(until_on__isnull=True),
                name="places_place_one_open_version",
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="places_place_kind_name")]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Which place took over from which."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="successions")
    predecessor = models.ForeignKey(Place, models.CASCADE, related_name="succeeded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "predecessor"], name="places_succession_once"),
            models.CheckConstraint(
                condition=~Q(place=models.F("predecessor")), name="places_succession_not_itself"
            ),
        ]


class Placement(Held):
    """Under which parent a place stands, from a day until a day."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Place, models.CASCADE, related_name="placed_here")

    class Meta(Held.Meta):
        verbose_name = "隶属关系"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(place=models.F("parent")), name="places_placement_not_itself"
            ),
            models.UniqueConstraint(
                fields=["place", "from_on"], name="places_placement_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(until_on__isnull=True),
                name="places_placement_one_open",
            ),
        ]


class Containment(models.Model):
    """The tree's closure with intervals, the place itself included; rebuilt from the placements."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="containers")
    place_kind = models.CharField(max_length=12)
    ancestor = models.ForeignKey(Place, models.CASCADE, related_name="contained")
    ancestor_kind = models.CharField(max_length=12)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ancestor", "place_kind"], name="places_containment_down"),
            models.Index(fields=["place", "ancestor_kind"], name="places_containment_up"),
        ]


class School(models.Model):
    """What only a school has. Its stages follow from its kind (STAGES_OF)."""

    class Kind(models.TextChoices):
        KINDERGARTEN = "kindergarten", "幼儿园"
        PRIMARY = "primary", "小学"
        JUNIOR = "junior", "初级中学"
        NINE_YEAR = "nine_year", "九年一贯制学校"
        FULL_SECONDARY = "full_secondary", "完全中学"
        SENIOR = "senior", "高级中学"
        TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
        VOCATIONAL = "vocational", "中等职业学校"
        SPECIAL = "special", "特殊教育学校"

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="school")
    kind = models.CharField("办学类型", max_length=16, choices=Kind.choices)
    is_private = models.BooleanField("民办", default=False)

    class Meta:
        verbose_name = "学校"

    def __str__(self) -> str:
        return self.place.name

    @property
    def stages(self) -> tuple[str, ...]:
        return STAGES_OF[self.kind]


class Stage(models.TextChoices):
    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "中职"
    SPECIAL = "special", "特教"


STAGES_OF = {
    "kindergarten": ("kindergarten",),
    "primary": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "full_secondary": ("junior", "senior"),
    "senior": ("senior",),
    "twelve_year": ("primary", "junior", "senior"),
    "vocational": ("vocational",),
    "special": ("special",),
}


class SchoolClass(models.Model):
    """A class of one school year: its place is `kind=class`, placed under its school or campus."""

    place = models.OneToOneField(
        Place, models.CASCADE, primary_key=True, related_name="school_class"
    )
    school = models.ForeignKey(Place, models.PROTECT, related_name="classes_of_school")
    # The calendar year in which the school year starts: 2026 means 2026-2027.
    school_year = models.PositiveSmallIntegerField("学年(起始年)")
    stage = models.CharField("学段", max_length=16, choices=Stage.choices)
    # -2 小班, -1 中班, 0 大班, 1..12 一年级 … 高三 (vocational 10..12 too).
    grade = models.SmallIntegerField("年级")
    number = models.PositiveSmallIntegerField("班号")

    class Meta:
        verbose_name = "班级"
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__gte=-2, grade__lte=12), name="places_class_grade_known"
            ),
            models.UniqueConstraint(
                fields=["school", "school_year", "stage", "grade", "number"],
                name="places_class_once_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.place.name

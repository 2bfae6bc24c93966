"""Sign-in accounts, and the standing approvals under which staff may read children's data."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from gongyu.ground.calendar.intervals import Held
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Staff


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A sign-in account. What it may do comes from the posts of its staff member alone."""

    username = models.CharField("用户名", max_length=60, unique=True)
    # allauth wants the column; staff sign in by username and no mail is ever needed.
    email = models.EmailField(blank=True, default="")
    staff = models.OneToOneField(Staff, models.PROTECT, null=True, blank=True, related_name="user")
    is_active = models.BooleanField("可用", default=True)
    password_changed_on = models.DateField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.username


class Approval(Held):
    """A standing approval by a responsible person (未成年人网络保护条例 art. 36): this member of staff
    may, for this purpose, read children's data within this place until a day."""

    class Purpose(models.TextChoices):
        DAILY_WORK = "daily_work", "日常教育工作"
        SUPERVISION = "supervision", "督导与统计核查"
        AUDIT = "audit", "合规审计"
        PROTECTION = "protection", "未成年人保护"
        COMPLAINTS = "complaints", "投诉举报办理"

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="approvals")
    place = models.ForeignKey(Place, models.PROTECT, related_name="approvals")
    purpose = models.CharField("目的", max_length=16, choices=Purpose.choices)
    approved_by = models.ForeignKey(Staff, models.PROTECT, related_name="approvals_given")
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(Held.Meta):
        verbose_name = "查阅授权"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=False), name="access_approval_has_an_end"
            ),
            models.CheckConstraint(
                condition=~models.Q(staff=models.F("approved_by")),
                name="access_approval_not_by_oneself",
            ),
        ]

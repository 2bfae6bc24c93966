"""A class teacher's phone, and a second device of the same teacher."""

import pytest
from django.test import Client

from tests.cast import sign_in

from .device import Device


@pytest.fixture
def phone(cast, at_the_cast_day) -> Device:
    return Device.turned_on(sign_in(Client(), cast.class_teacher))


@pytest.fixture
def tablet(cast, at_the_cast_day) -> Device:
    return Device.turned_on(sign_in(Client(), cast.class_teacher))

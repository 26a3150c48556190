"""Dialling the broker: once, so that whoever dials decides when to do it again."""

import pytest

from shared.bus.connection import TROUBLE, broker_connection
from tests.cable import Cable


def test_a_refused_dial_is_told_of_and_not_repeated(broker):
    with Cable(broker.uri) as cable:
        cable.cut()
        with pytest.raises(TROUBLE), broker_connection(cable.uri):
            pass

        assert cable.tries == 1

"""Beyond its own machine the gateway is reached over TLS or through a named proxy, or it does not start."""

import pytest

from services.gateway.listening import must_be_safe, wanting
from shared.settings import BadSetting, Settings


def options(**given: str) -> Settings:
    return Settings.from_env({f"GONGSHANG_WEB_{name.upper()}": value for name, value in given.items()})


@pytest.mark.parametrize(
    "given", [{}, {"address": "::1"}, {"address": "localhost"}, {"address": "0.0.0.0", "proxy": "10.0.0.1, fd00::/8"}]
)
def test_on_this_machine_or_behind_a_proxy_nothing_is_wanting(given):
    assert wanting(options(**given)) == ""


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "example.org"])
def test_an_address_that_others_reach_wants_tls_or_a_proxy(address):
    with pytest.raises(BadSetting, match="GONGSHANG_WEB_ADDRESS"):
        must_be_safe(options(address=address))


def test_with_a_certificate_and_its_key_others_are_let_in(tmp_path):
    for name in ("certificate", "key"):
        (tmp_path / name).touch()

    given = {name: str(tmp_path / name) for name in ("certificate", "key")}
    assert wanting(options(address="0.0.0.0", **given)) == ""


@pytest.mark.parametrize("given", [{"certificate": "/nowhere.pem"}, {"key": "/nowhere.pem"}])
def test_half_of_a_certificate_is_a_mistake(given):
    with pytest.raises(BadSetting, match="belong together"):
        must_be_safe(options(**given))


def test_a_certificate_that_is_not_there_is_named():
    with pytest.raises(BadSetting, match=r"CERTIFICATE=/nowhere.pem"):
        must_be_safe(options(certificate="/nowhere.pem", key="/nowhere.pem"))


@pytest.mark.parametrize("given", [{"proxy": "nonsense"}, {"url": "ftp://x"}, {"port": "70000"}, {"workers": "0"}])
def test_a_setting_that_can_not_be_is_named(given):
    with pytest.raises(BadSetting, match=f"GONGSHANG_WEB_{next(iter(given)).upper()}"):
        options(**given)

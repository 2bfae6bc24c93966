"""The build of the front-end files: what it reads, what it refuses, when it does nothing."""

import json

import pytest

from gongyu.ground.design import front_end, navigation, node
from gongyu.ground.design.icons import drawing

pytestmark = pytest.mark.without_database


@pytest.fixture
def vendor(tmp_path, monkeypatch):
    monkeypatch.setattr(front_end, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(front_end, "STAMP", tmp_path / "vendor" / "built-from.json")
    (tmp_path / "vendor").mkdir()
    return tmp_path / "vendor"


def test_source_map_comments_are_stripped_from_scripts_and_styles():
    script = b"let a = 1;\n//# sourceMappingURL=a.js.map\n"
    style = b"a{}\n/*# sourceMappingURL=a.css.map */\nb{}"
    assert b"sourceMappingURL" not in front_end._without_source_map(script)
    assert front_end._without_source_map(style).split() == [b"a{}", b"b{}"]


def test_nothing_is_built_when_nothing_changed(vendor, monkeypatch):
    stamp = {
        "packages": front_end._packages_digest(),
        "sources": front_end._sources_digest(),
    }
    front_end.STAMP.write_text(json.dumps(stamp))
    monkeypatch.setattr(front_end, "find_node", lambda: pytest.fail("built again"))
    assert front_end.build() == "up to date."


def test_an_install_that_was_cut_short_is_done_anew(vendor, tmp_path, monkeypatch):
    """The folder alone says nothing: npm's own record is written last."""
    front_end.STAMP.write_text(json.dumps({"packages": front_end._packages_digest()}))
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(front_end, "INSTALLED", tmp_path / "node_modules" / ".package-lock.json")
    monkeypatch.setattr(front_end, "find_node", lambda: (["node"], ["npm"], {}))

    def installs(command, environment):
        assert command[:2] == ["npm", "ci"]
        raise front_end.BuildFault("installing")

    monkeypatch.setattr(front_end, "_run", installs)
    with pytest.raises(front_end.BuildFault, match="installing"):
        front_end.build()


def test_an_icon_that_the_package_lacks_is_refused_with_its_place(vendor, tmp_path, monkeypatch):
    template = tmp_path / "page.html"
    template.write_text('{% icon "no-such-icon" %}')
    monkeypatch.setattr(front_end, "_content", lambda: [template])
    monkeypatch.setattr(front_end, "ICONS_BY_VALUE", ())
    with pytest.raises(front_end.BuildFault, match=r"page\.html names the icon 'no-such-icon'"):
        front_end._write_icons()


def test_icons_are_found_in_templates_and_in_the_side_bar(vendor, tmp_path, monkeypatch):
    icons = tmp_path / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    icons.mkdir(parents=True)
    for name in ("home", "key", "walk"):
        (icons / f"{name}.svg").write_text(f'<svg\n  width="24">\n  <path d="{name}" />\n</svg>')
    (tmp_path / "page.html").write_text('{% icon "home" %}<c-card title="x" icon="key" />')
    (tmp_path / "links.py").write_text('Link(_("家访"), "walk", "visits:index")')
    monkeypatch.setattr(front_end, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(front_end, "ICONS_BY_VALUE", ())
    monkeypatch.setattr(
        front_end, "_content", lambda: [tmp_path / "page.html", tmp_path / "links.py"]
    )
    assert front_end._write_icons() == 3
    assert json.loads((vendor / "icons.json").read_text())["walk"] == '<path d="walk" />'


def test_a_wheel_without_sources_has_nothing_to_build(vendor, tmp_path, monkeypatch):
    monkeypatch.setattr(front_end, "ROOT", tmp_path)
    with pytest.raises(front_end.BuildFault, match=r"package\.json"):
        front_end.build()
    (vendor / "gongyu.css").write_text("")
    assert "came with the package" in front_end.build()


def test_a_machine_without_node_is_told_what_to_install(monkeypatch):
    class Failed:
        returncode = 1

    monkeypatch.setattr(node.shutil, "which", lambda name: None)
    monkeypatch.setattr(node, "find_spec", lambda name: None)
    monkeypatch.setattr(node.subprocess, "run", lambda *args, **kwargs: Failed())
    with pytest.raises(node.NodeMissing, match=r"Node >= 18"):
        node.find_node()


def test_an_icon_that_was_never_built_is_drawn_empty():
    assert drawing("no-such-icon") == ""


def test_every_role_has_a_name_and_a_home_link():
    assert set(navigation.ROLE_NAMES) >= {role for link in navigation.LINKS for role in link.roles}
    assert navigation.LINKS[0].route == "pages:home"

"""Entries that look alike and are several articles, and some that look unlike and are one: each is posted once."""

from pathlib import Path

import pytest

from tests.histories.scenes import NEGATIVES, Scene, Staged, everything, load

PENDING = frozenset((NEGATIVES / "pending.txt").read_text().split())
SCENES = load(everything())


def _case(scene: Scene) -> object:
    marks = [pytest.mark.xfail(reason="listed in pending.txt", strict=False)] if scene.id in PENDING else []
    return pytest.param(scene, id=scene.id, marks=marks)


def test_each_scene_has_a_name_of_its_own() -> None:
    names = [scene.id for scene in SCENES]
    assert sorted(names) == sorted(set(names))


def test_what_is_pending_is_a_scene() -> None:
    assert not PENDING - {scene.id for scene in SCENES}


@pytest.mark.parametrize("scene", [_case(scene) for scene in SCENES])
def test_each_story_is_posted_once(scene: Scene, tmp_path: Path, sqlite_migrated_url: str) -> None:
    staged = Staged(scene, tmp_path, sqlite_migrated_url)
    try:
        assert str(staged.run()) == "holds", scene.why
    finally:
        staged.close()

"""Our own words: found where they are marked, translated completely, compiled without GNU gettext."""

from io import StringIO
from itertools import pairwise
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from accounts.models import User
from config.catalogues import compiled_catalogues
from config.extraction import Message, UnreadableText, in_template, marked_texts
from config.languages import TRANSLATED
from config.management.commands.translations import faults, updated
from tests.support.factories import AssessmentFactory
from tests.support.people import House, client_of

CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_everything_is_translated_and_the_catalogue_is_up_to_date():
    call_command("translations", "--check", stdout=StringIO())


def test_chinese_is_punctuated_as_chinese():
    for entry in polib.pofile(str(CATALOGUE)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not any(mark in text for mark in ("。 ", "， ", "!", "？ ")), text
            pairs = pairwise(text)
            assert not any("一" <= before <= "鿿" and after in ",.;?:" for before, after in pairs), text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{% load i18n %}{% translate "Save" %}', Message("", "Save")),
        ('{% load i18n %}{% if x %}{% translate "May" context "month" %}{% endif %}', Message("month", "May")),
        ('{% load i18n %}{% translate "100 %" %}', Message("", "100 %%")),
        (
            "{% load i18n %}{% blocktranslate count n=x trimmed %}\n one issue \n{% plural %}\n {{ n }} issues\n"
            "{% endblocktranslate %}",
            Message("", "one issue", "%(n)s issues"),
        ),
        ('{% include "a.html" with label=_("Pages") %}', Message("", "Pages")),
        (
            '{% block a %}{% with b=1 %}{% load i18n %}{% translate "Deep" as d %}{% endwith %}{% endblock %}',
            Message("", "Deep"),
        ),
    ],
)
def test_a_text_in_a_template_is_found_as_it_is_looked_up(template: str, message: Message):
    assert in_template(template) == [message]


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_texts_in_python_are_found_with_context_and_plural(tmp_path: Path):
    source = (
        'from django.utils.translation import gettext as _\n_("A"); pgettext("c", "B"); ngettext("one", "many", n)\n'
    )
    assert list(marked_texts(project(tmp_path, a=source))) == [
        Message("", "A"),
        Message("c", "B"),
        Message("", "one", "many"),
    ]


def test_a_text_that_is_put_together_is_refused_with_its_place(tmp_path: Path):
    with pytest.raises(UnreadableText, match=r"a\.py, line 2"):
        marked_texts(project(tmp_path, a='from x import gettext as _\n_(f"Hello {name}")\n'))


def test_a_fresh_catalogue_keeps_translations_and_drops_what_is_gone(tmp_path: Path):
    path = tmp_path / "django.po"
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Save", msgstr="保存"))
    old.append(polib.POEntry(msgid="Gone", msgstr="没有了"))
    old.save(str(path))
    fresh = updated(path, "zh-hans", {Message("", "Save"): ["a.html"], Message("", "%(n)s new"): ["b.html"]})
    assert [(entry.msgid, entry.msgstr) for entry in fresh] == [("Save", "保存"), ("%(n)s new", "")]
    assert faults(fresh) == ["not translated: “%(n)s new” (b.html)"]
    fresh[1].msgstr = "%(m)s 个新"
    assert "They must be: %(n)s" in faults(fresh)[0]


def test_the_check_fails_when_a_text_is_not_translated(tmp_path: Path, settings):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text('{% load i18n %}{% translate "New words" %}')
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="out of date"):
        call_command("translations", "--check", stdout=StringIO())
    call_command("translations", stdout=StringIO())
    with pytest.raises(CommandError, match="not translated: “New words”"):
        call_command("translations", "--check", stdout=StringIO())
    catalogue = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.write_text(
        catalogue.read_text().replace('msgstr ""\n', 'msgstr "新词"\n').replace('"新词"\n"Proj', '""\n"Proj')
    )
    call_command("translations", "--check", stdout=StringIO())


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path):
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    source.mkdir(parents=True)
    (source / "django.po").write_text('msgid "Save"\nmsgstr "保存"\n')
    target = compiled_catalogues(tmp_path / "locale", tmp_path / "var")
    compiled = target / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    first = compiled.stat()
    assert polib.mofile(str(compiled))[0].msgstr == "保存"
    compiled_catalogues(tmp_path / "locale", tmp_path / "var")
    assert compiled.stat().st_ino == first.st_ino
    (source / "django.po").write_text('msgid "Save"\nmsgstr "存"\n')
    compiled_catalogues(tmp_path / "locale", tmp_path / "var")
    assert polib.mofile(str(compiled))[0].msgstr == "存"


def test_a_broken_catalogue_is_named(tmp_path: Path):
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    source.mkdir(parents=True)
    (source / "django.po").write_text("this is none\n")
    with pytest.raises(ImproperlyConfigured, match=r"django\.po cannot be compiled"):
        compiled_catalogues(tmp_path / "locale", tmp_path / "var")


# --- the working group's pages ------------------------------------------------------------------------------
def test_every_translated_page_exists():
    resolver = get_resolver()
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace, (_, inner) in resolver.namespace_dict.items():
        names |= {f"{namespace}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
        names.add(f"{namespace}:*")
    assert names >= TRANSLATED


def chinese(user: User) -> Client:
    client = client_of(user)
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    return client


def test_a_member_chooses_a_language_and_keeps_it(house: House, client: Client):
    answer = client.post("/language/", {"language": "zh-hans", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("zh-hans", True, "Lax")


def test_a_page_that_is_not_translated_is_in_english_as_a_whole(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("config.languages.TRANSLATED", TRANSLATED - {"materiality:*"})
    AssessmentFactory(organisation=house.organisation, slug="a1")
    html = chinese(house.owner).get("/o/example/a/a1/statement/").content.decode()
    assert '<html lang="en">' in html
    assert "Sign out" in html
    assert "此页面暂时只有英文版。" in html


def test_a_page_that_is_translated_is_in_chinese_as_a_whole(house: House):
    html = chinese(house.owner).get("/o/example/members/").content.decode()
    assert '<html lang="zh-hans">' in html
    assert "Example Ltd. · 所有者" in html
    assert ">分析员</option>" in html
    assert "此页面暂时只有英文版。" not in html


def test_the_audit_trail_stays_in_one_language(house: House):
    client = chinese(house.owner)
    sent = {"email": "new@example.org", "role": "viewer"}
    assert "new@example.org已成为成员。" in client.post("/o/example/members/", sent, follow=True).content.decode()
    assert house.organisation.events.latest("pk").summary == "added new@example.org as viewer"


def test_the_sign_in_page_is_in_the_language_that_the_browser_asks_for(db: None, client: Client):
    html = client.get("/accounts/login/", headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert "<h1>登录</h1>" in html
    assert "电子邮箱" in html
    assert "<h1>Sign in</h1>" in client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()


def test_the_language_does_not_stay_with_the_thread(house: House):
    chinese(house.owner).get("/o/example/members/")
    assert translation.get_language() == "en"


def test_choosing_a_language_leads_back_to_the_page(house: House):
    client = client_of(house.owner)
    answer = client.post(
        "/language/", {"language": "zh-hans"}, headers={"referer": "http://testserver/o/example/members/"}
    )
    assert answer.url == "http://testserver/o/example/members/"

import csv, io
import pytest
from django.urls import reverse
from scoping.models import *
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import build_house
from tests.support.factories import *
from scoping.lists.contacts import import_contacts

@pytest.mark.browser
def test_shots(new_page, axe, tmp_path):
    house = build_house()
    a = AssessmentFactory(organisation=house.organisation, slug="paper-2024", name="Materiality assessment 2024")
    names = ["Employees","Customers","Investors and shareholders","Government and regulators","Suppliers","Communities"]
    for i,n in enumerate(names): a.groups.create(code=f"g{i}", name=n, side="internal" if i==0 else "external", position=i)
    rows = [[names[i%6], f"{['Li Wei','Ann Miller','王芳','Jörg Krüger','Maria de los Ángeles Fernández'][i%5]} {i}", f"person{i}@example.org" if i%7 else "", "Example Paper Holdings Ltd.", "Buyer" if i%3 else "Head of sustainable procurement", "en" if i%5 else "zh-Hans"] for i in range(450)]
    def sheet(rows, head="Group,Name,E-mail,Employer,Role,Language"):
        b=io.StringIO(); w=csv.writer(b); w.writerow(head.split(",")); w.writerows(rows); return b.getvalue().encode()
    for i,n in enumerate(["Water use","Climate change","Employee training and development","Data security and privacy"]):
        IssueFactory(assessment=a, position=i, name=n, code=f"i{i}", category="Environment")
    def keep(kind, raw, name, peer=None): return PendingImport.objects.create(assessment=a, kind=kind, filename=name, content=raw, added_by=house.analyst, peer=peer)
    kw = dict(organisation="example", slug="paper-2024")
    def shoot(name, addr):
        for size, tag in ((DESKTOP,"1440"),(PHONE,"390")):
            for scheme in ("light","dark"):
                page = new_page(house.analyst, size=size, color_scheme=scheme)
                page.goto(addr)
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert over <= 0, (name, tag, over)
                if scheme=="light": axe(page)
                page.screenshot(path=f"/tmp/LISTS/{name}-{tag}-{scheme}.png", full_page=True)
                page.close()
    shoot("contacts-empty", reverse("scoping:contacts", kwargs=kw))
    import_contacts(assessment=a, name="x.csv", raw=sheet(rows))
    mixed = [["Customers","Ann Miller 1","person1@example.org","New Employer","Director","en"],["Employees","Neu Neumann","neu@example.org","","",""],["Employees","Neu Neumann","NEU@example.org","","",""],["Suppliers","王小明","wang@example.org","示例公司","经理","中文"], *rows[2:12]]
    ok = keep("contacts", sheet(mixed, "利益相关方,姓名,邮箱,单位,职务,语言"), "people 2024.csv")
    bad = keep("contacts", sheet([*mixed, ["Custmers","Kim","kim@example.org","","",""],["Employees","Park","not an address","","","Klingon!"],["","Nobody","","","",""],["Customers","Ann Miller 1","person1@example.org","","Buyer",""]]), "people 2024.csv")
    iss = keep("issues", sheet([["Training and development of staff","Society","Interview","CFO","2026-03-05","Staff leave when they cannot learn.","13"],["Climate change","Environment","media","A newspaper","","","13"],["Water use","Planet","","","","","6, 14"],["Tax","Governance","guideline","GRI 207","","",""]], "Issue,Category,Source kind,Source,Found on,Quotation,SDGs"), "long-list.csv")
    p = PeerFactory(organisation=house.organisation, company="Rival Paper Ltd.", reporting_period="2023")
    shoot("contacts", reverse("scoping:contacts", kwargs=kw))
    shoot("contacts-group", reverse("scoping:contacts", kwargs=kw)+"?group=g1&q=ann&page=1")
    shoot("contact-new", reverse("scoping:contact-new", kwargs=kw))
    shoot("contact", reverse("scoping:contact", kwargs=kw|{"contact_id": a.contacts.first().pk}))
    shoot("import-contacts", reverse("scoping:list-import", kwargs=kw|{"kind":"contacts"}))
    shoot("import-issues", reverse("scoping:list-import", kwargs=kw|{"kind":"issues"}))
    shoot("import-peer", reverse("scoping:peer-import", kwargs=kw|{"peer":p.pk}))
    for n,x in (("ok",ok),("bad",bad),("iss",iss)): shoot(f"preview-{n}", reverse("scoping:list-preview", kwargs=kw|{"pending":x.pk}))

"""What if, from a slider that moves to the matrix that is redrawn, in Chromium in front of gunicorn and PostgreSQL.

Measured in the page: from the slider's event, over the request, the computing and the answer, to the frame in which the
new drawing stands. What is drawn is what is drawn while a slider moves (materiality/whatif/page.py).
The bar is what people feel as immediate, 100 ms at the median. QiFu's assessment of 18 issues and 8 groups, and one of
40 issues and 8 groups.
"""

import io
import shutil
import statistics

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from accounts.models import User
from accounts.services import create_organisation
from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.server import serving
from benchmarks.sizes import GROUPS, ITEMS, Size
from materiality.services import analyse_now
from scoping.models import Assessment, Issue, Side, StakeholderGroup
from scoping.services import load_case

CASE = "qifu-2022"
MILLISECONDS = 100
# Both workers have seen the survey after so many moves; moves that count come after.
WARM_UPS, MOVES_IN_A_PAIR = 12, 8
WORDS = ("Safety", "Water", "Energy", "Waste", "Pay", "Training", "Privacy", "Quality", "Ethics", "Suppliers")
PLACES = ("of our sites", "in the supply chain", "of products", "and the communities around us")

# Moves one slider after the other, and waits each time for the frame after the new drawing is in the page.
MOVE = """async (moves) => {
  const sliders = [...document.querySelectorAll("#whatif-form input[type=range]")];
  const result = document.querySelector("#whatif-result");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const taken = [];
  for (let move = 0; move < moves; move += 1) {
    const slider = sliders[move % sliders.length];
    slider.value = Number(slider.max) * (0.2 + 0.6 * ((move * 7) % 11) / 11);
    const redrawn = new Promise((done) => {
      const watcher = new MutationObserver(() => { watcher.disconnect(); done(); });
      watcher.observe(result, { childList: true });
    });
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await redrawn;
    await frame();
    taken.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 60));
  }
  return taken;
}"""


def run(size: Size) -> list[Outcome]:
    with open_room("postgresql") as room:
        session, pages = room.call(prepare, size.few)
        with serving("config.wsgi", room.environment) as port:
            # In the room: a browser is steered from a loop of its own, which the process here may have already.
            taken = room.call(measure, port, session, pages, MOVES_IN_A_PAIR * size.pairs)
    outcomes = []
    for name, times in taken.items():
        ours = statistics.median(times)
        show(f"{name}: {ours:.0f} ms at the median, {max(times):.0f} ms at the most")
        outcomes.append(
            count(name=name, ours=ours, against="the limit", reference=MILLISECONDS, unit="ms", bar=Bar("<", 1))
        )
    return outcomes


def measure(port: int, session: str, pages: dict[str, str], moves: int) -> dict[str, list[float]]:
    """In a room: by name of the page, how many milliseconds each move took."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("Chromium is not installed. Run: sudo apt-get install chromium")
    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        taken: dict[str, list[float]] = {}
        for name, path in pages.items():
            page = context.new_page()
            page.goto(path)
            page.evaluate(MOVE, WARM_UPS)
            taken[name] = page.evaluate(MOVE, moves)
            page.close()
        browser.close()
    return taken


def prepare(respondents: int) -> tuple[str, dict[str, str]]:
    """In a room: two assessments with results, and a member who is signed in; the session, and the pages' paths."""
    owner = User.objects.create_user("whatif@benchmark.example", name="Owner")
    organisation = create_organisation(name="Benchmark", owner=owner)
    qifu = load_case(organisation=organisation, case=CASE)
    large = Assessment.objects.create(
        organisation=organisation, name="Large", slug="large", company="Large Ltd.", reporting_period="2024"
    )
    names = [f"{word} {place}" for place in PLACES for word in WORDS]
    Issue.objects.bulk_create(
        Issue(assessment=large, code=f"issue-{number}", name=names[number], position=number) for number in range(ITEMS)
    )
    StakeholderGroup.objects.bulk_create(
        StakeholderGroup(
            assessment=large,
            code=f"group-{number}",
            name=f"Group {number}",
            side=Side.EXTERNAL if number % 2 else Side.INTERNAL,
            weight=1 + number % 3,
            position=number,
        )
        for number in range(GROUPS)
    )
    for assessment, answers in ((qifu, 600), (large, respondents)):
        call_command("simulate", assessment.slug, respondents=answers, seed=7, stdout=io.StringIO())
        analyse_now(assessment=assessment)
    call_command("collectstatic", interactive=False, verbosity=0)
    member = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    member.force_login(owner)
    place = {"organisation": organisation.slug}
    return member.cookies[settings.SESSION_COOKIE_NAME].value, {
        "what-if-round-trip": reverse("materiality:whatif", kwargs={**place, "slug": qifu.slug}),
        "what-if-round-trip-40x8": reverse("materiality:whatif", kwargs={**place, "slug": large.slug}),
    }

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from benchmarks.bare.forms import AnswerForm
from benchmarks.bare.models import Answer


def answer(request: HttpRequest) -> HttpResponse:
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        Answer.objects.create(content=form.cleaned_data)
        return redirect("thanks")
    return render(request, "bare/form.html", {"form": form})


def thanks(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Thank you")


urlpatterns = [path("", answer, name="answer"), path("thanks/", thanks, name="thanks")]

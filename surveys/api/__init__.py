"""The survey through the API: its design, opening and closing, links, questions, invitations, and how many answered.

Nobody's answer is told here. Files of answers are exports, and need a scope of their own.
"""

from surveys.api import answers, design, inviting, languages, survey

urlpatterns = [
    *survey.urlpatterns,
    *design.urlpatterns,
    *languages.urlpatterns,
    *inviting.urlpatterns,
    *answers.urlpatterns,
]

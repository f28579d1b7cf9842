"""The respondent's pages: a link, a form, thank you. No account, no script and no cookie is needed.

Three ways lead in: a group's public link, the same on a tablet that many people use in turn (kiosk), and a person's own
link. Every page is found by its token alone, writes nothing when it is opened (mail scanners open links), and neither
stores nor logs who asks or when.
"""

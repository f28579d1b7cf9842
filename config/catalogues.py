"""The catalogues of the interface: gettext's PO files in locale/, compiled into var/ when a process starts.

Compiled files are machine's work and stay out of the repository, and no step can be forgotten this way: whoever changes
a PO file sees it after the next start. See docs/translations.md.
"""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

import polib
from django.core.exceptions import ImproperlyConfigured


def compiled_catalogues(source: Path, target: Path) -> Path:
    """
    Compile each `source`/<locale>/LC_MESSAGES/*.po that has changed since the last time; `target`.

    Raises
    ------
    ImproperlyConfigured
        A PO file cannot be read, or `target` cannot be written to.
    """
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        compiled = target / catalogue.relative_to(source).with_suffix(".mo")
        try:
            _compile(catalogue, compiled)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{catalogue} cannot be compiled to {compiled}: {error}. Mend the first, or make the folder of the "
                "second writable; SALIENT_VAR names another one."
            ) from error
    return target


def _compile(catalogue: Path, compiled: Path) -> None:
    text = catalogue.read_bytes()
    # Not by date: a copied folder may carry any. The digest lies beside the file that was made of it.
    digest, seal = sha256(text).hexdigest(), compiled.with_suffix(".sha256")
    if compiled.exists() and seal.exists() and seal.read_text() == digest:
        return
    # Opened by its name, since polib takes a text for a name if there is such a file.
    entries = polib.pofile(str(catalogue), encoding="utf-8")
    compiled.parent.mkdir(parents=True, exist_ok=True)
    _put(compiled, entries.to_binary())
    _put(seal, digest.encode())


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: other processes may be reading it."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.chmod(draft, 0o644)  # the web server may run as somebody else
    os.replace(draft, path)
